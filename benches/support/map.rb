# The reference's part of the memory benchmark: an answer is read, decoded and mapped with the libraries that its SDK
# uses for it (Net::HTTP under rest-client, ActiveSupport's JSON, hashes with indifferent access).
require 'net/http'
require 'active_support'
require 'active_support/json'
require 'active_support/core_ext/hash/indifferent_access'

body = Net::HTTP.get(URI(ARGV.fetch(0)))
names = ActiveSupport::JSON.decode(body.presence || '{}').map { |record| { id: record['id'], name: record['name'] } }
output = { count: names.length, last: names.last }.with_indifferent_access
puts JSON.generate(output)
