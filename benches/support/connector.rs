//! A connector of any size, shaped like real ones: mostly fields, with lambdas, chains, strings and conditions between.

use std::fmt::Write;

/// A valid connector of at least `bytes` bytes.
pub fn generate(bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 4096);
    out.push_str(HEAD);
    let mut number = 0;
    while out.len() < bytes {
        let _ = write!(out, "{}", ACTION.replace("%N%", &number.to_string()));
        number += 1;
    }
    out.push_str("  }\n}\n");
    out
}

const HEAD: &str = r#"# A generated connector.
{
  title: 'Acme CRM',

  connection: {
    fields: [
      { name: 'subdomain', control_type: 'subdomain', url: '.acme.example', optional: false },
      { name: 'api_key', control_type: 'password', label: 'API key', optional: false }
    ],
    authorization: {
      type: 'custom_auth',
      apply: lambda do |connection|
        headers('Authorization': "Bearer #{connection['api_key']}", Accept: 'application/json')
      end
    },
    base_uri: lambda { |connection| "https://#{connection['subdomain']}.acme.example/api/" }
  },

  test: ->(_connection) { get('me') },

  actions: {
"#;

const ACTION: &str = r##"    update_record_%N%: {
      title: 'Update record %N%',
      subtitle: "Update a record in Acme CRM (variant %N%)",
      description: "Update <span class='provider'>record</span> in <span class='provider'>Acme</span>",
      help: 'Changes the fields that are given. Fields that are left out keep the value that they have.',

      input_fields: lambda do |object_definitions|
        object_definitions['record'].ignored('created_at', 'updated_at').required('id').concat([
          { name: 'notify', type: 'boolean', control_type: 'checkbox', label: 'Notify owner', sticky: true,
            toggle_hint: 'Select from list', toggle_field: { name: 'notify', type: 'string', optional: true } },
          { name: 'status', control_type: 'select', pick_list: 'statuses', hint: "The record's new status" },
          { name: "owner", type: "object", properties: [
            { name: "email", label: "Owner's email", control_type: "email" },
            { name: "phone", control_type: "phone", optional: true },
            { name: "score", type: "integer", control_type: "integer", default: 12, convert_input: "integer_conversion" }
          ] }
        ])
      end,

      execute: lambda do |connection, input, _input_schema, output_schema|
        error('Provide an id') if input['id'].blank?
        payload = input.except('id').each_with_object({}) do |(key, value), hash|
          next if value.nil? || value == ''

          hash[key.to_s.camelize(:lower)] = value.is_a?(Array) ? value.map { |item| call('format_%N%', item) } : value
        end
        # Retries are safe: the endpoint is idempotent.
        response = patch("records/#{input['id']}").
                   payload(payload).
                   params(fields: output_schema.pluck('name').join(','), per_page: 100).
                   after_error_response(/.*/) do |code, body, _header, message|
                     error("#{code}: #{message}: #{body}")
                   end
        if response['items'].present? && response.dig('meta', 'total').to_i > 0
          { records: response['items'].map { |record| record.merge(source: 'acme') } }
        else
          { records: [], total: response['total'] || 0, ratio: (input['a'].to_f / 2.5).round(2) }
        end
      end,

      output_fields: lambda { |object_definitions| [{ name: 'records', type: 'array', of: 'object', properties: object_definitions['record'] }] },

      sample_output: lambda do
        { id: %N%, name: 'Ann', tags: %w[new vip], created_at: '2024-03-01T10:00:00Z', nested: { 'a b' => nil, "c": true } }
      end
    },

"##;
