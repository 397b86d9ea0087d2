" The text reads as Ruby; keys of connectors and functions of the SDK stand out.
" Written by `CONNRUN_WRITE_DOCS=1 cargo test --test it generated`.
if exists("b:current_syntax")
  finish
endif
runtime! syntax/ruby.vim

syntax match connectorField "[[:space:],{(]\%(add_field_label\|add_item_label\|advanced\|change_on_blur\|control_type\|convert_input\|convert_output\|
      \custom\|custom_properties\|default\|delimiter\|disable_formula\|empty_list_text\|empty_list_title\|
      \empty_schema_message\|empty_schema_title\|enum\|error\|exclude_fields\|exclude_fields_types\|
      \extends_schema\|format\|group\|hidden\|initially_expanded\|item_label\|label\|list_mode\|list_mode_toggle\|
      \max_length\|min\|min_length\|multiline\|name\|ngIf\|ng_if\|of\|optional\|parse_output\|pattern\|
      \pick_list\|pick_list_params\|picklist\|preserve_in_runtime_connection\|properties\|render_input\|
      \runtime_optional\|sample_data_type\|schema_neutral\|secret\|sticky\|support_pills\|toggle_field\|
      \toggle_hint\|tree_options\|url\):[[:space:]]\@="hs=s+1,he=e-1
syntax match connectorKey "[[:space:],{(]\%(acquire\|apply\|author\|authorization\|authorization_url\|backfill\|base_uri\|batch\|before_resume\|
      \before_suspend\|before_timeout_resume\|body\|bulk\|catch_up\|categories\|client_id\|client_secret\|
      \config_fields\|credentials\|custom_action\|custom_action_help\|dedup\|deprecated\|description\|
      \detect_on\|display_priority\|document_id\|documentation_url\|execute\|extended_fields\|factor\|
      \fetch\|fields\|flow\|from\|help\|hint\|identity\|incremental\|initial\|input_fields\|jitter\|
      \learn_more_text\|learn_more_url\|logo\|lookback\|max\|max_delay\|max_retries\|noopener\|options\|
      \output_fields\|per\|picklists\|pkce\|poll\|poll_interval\|primary_key\|rate_limit\|refresh\|
      \refresh_on\|requests\|retry\|retry_if\|retry_on_request\|retry_on_response\|sample_output\|
      \schedule\|scope\|secure_tunnel\|selected\|sort_by\|subtitle\|summarize_input\|summarize_output\|
      \tags\|timeout\|timezone\|title\|title_hint\|token_url\|type\|version\|webhook_key\|webhook_keys\|
      \webhook_notification\|webhook_payload_type\|webhook_refresh\|webhook_response_body\|webhook_response_headers\|
      \webhook_response_status\|webhook_response_type\|webhook_subscribe\|webhook_unsubscribe\|webhook_url_help\|
      \window\):[[:space:]]\@="hs=s+1,he=e-1
syntax match connectorSection "[[:space:],{(]\%(actions\|connection\|methods\|object_definitions\|pick_lists\|streams\|syncs\|test\|triggers\):[[:space:]]\@="hs=s+1,he=e-1
syntax match connectorFunction "\%(\.\)\@<!\<\%(account_property\|aws\|blank\|call\|clear\|copy\|decrypt\|delete\|encrypt\|error\|execution_context\|
      \get\|head\|lookup\|move\|now\|null\|options\|parallel\|parse_json\|patch\|post\|put\|reinvoke_after\|
      \skip\|sleep\|suspend\|today\|uuid\|workato\|workato_schema\)\>\ze\%(\s*(\|\s\+['\x22:]\)"

hi def link connectorSection Structure
hi def link connectorKey Keyword
hi def link connectorField Type
hi def link connectorFunction Function
let b:current_syntax = "connector"
