out = []
100_000.times do |i|
  s = "Customer-#{i} Name_#{i * 3}"
  out << s.downcase.gsub(/[^a-z0-9]+/, '-').split('-').map(&:capitalize).join(' ')
end
out.length
