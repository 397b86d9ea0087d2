//! Lists that come in pages: an action collects them up to a limit, and one method for each style turns the pages.

use super::operation::{LIMIT, list_name, params, path};
use crate::emit::{self, Entry, Node};
use crate::import::model::{Api, Operation, Paging, Place, Style};

/// Longest line of a body.
const LINE: usize = 104;

/// Items of a page where the document does not say.
pub const PAGE: u64 = 100;

/// The method that turns pages of a style, its comment, its parameters, its body.
const METHODS: &[(&str, &str, &[&str], &str)] = &[
    (
        "pages_by_cursor",
        "A list up to a limit: each answer says at `paging['next']` where the next page begins.",
        &["url", "query", "paging", "limit"],
        "items = []

while items.length < limit
  page = get(url, query)
  items.concat(page[paging['items']] || [])
  cursor = page.dig(*paging['next'])
  break if cursor.blank?

  query = query.merge(paging['cursor'] => cursor)
end

items.first(limit)",
    ),
    (
        "pages_by_id",
        "A list up to a limit: the next page begins after the `id` of the last item.",
        &["url", "query", "paging", "limit"],
        "items = []

while items.length < limit
  page = get(url, query)
  found = page[paging['items']] || []
  items.concat(found)
  break if found.empty? || (paging['more'] && !page[paging['more']])

  query = query.merge(paging['after'] => found.last['id'])
end

items.first(limit)",
    ),
    (
        "pages_by_link",
        "A list up to a limit: the address of the next page stands in the `Link` header.",
        &["url", "query", "items_key", "limit"],
        "items = []

while url && items.length < limit
  page = get(url, query).after_response do |_code, body, headers|
    found = items_key ? body[items_key] : body
    { 'items' => found, 'next' => headers['link'].to_s[/<([^>]+)>;\\s*rel=\"?next\"?/, 1] }
  end
  items.concat(page['items'] || [])
  url = page['next']
  query = {}
end

items.first(limit)",
    ),
    (
        "pages_by_number",
        "A list up to a limit: pages have numbers from 1 on, and one that is not full is the last.",
        &["url", "query", "paging", "limit"],
        "items = []
number = 1

while items.length < limit
  page = get(url, query.merge(paging['page'] => number))
  found = (paging['items'] ? page[paging['items']] : page) || []
  items.concat(found)
  break if found.length < paging['size']

  number += 1
end

items.first(limit)",
    ),
    (
        "pages_by_offset",
        "A list up to a limit: pages begin at the number of an item, and one that is not full is the last.",
        &["url", "query", "paging", "limit"],
        "items = []

while items.length < limit
  page = get(url, query.merge(paging['offset'] => items.length))
  found = (paging['items'] ? page[paging['items']] : page) || []
  items.concat(found)
  break if found.length < paging['size']
end

items.first(limit)",
    ),
];

const fn method(style: &Style) -> &'static str {
    match style {
        Style::Link => "pages_by_link",
        Style::Number(_) => "pages_by_number",
        Style::Offset(_) => "pages_by_offset",
        Style::Cursor(..) => "pages_by_cursor",
        Style::LastId(..) => "pages_by_id",
    }
}

/// The methods that the actions need.
pub fn methods(api: &Api) -> Vec<Entry> {
    let used = |name: &str| {
        api.operations.iter().filter_map(|operation| operation.paging.as_ref()).any(|p| method(&p.style) == name)
    };
    let needed = METHODS.iter().filter(|(name, ..)| used(name));
    needed
        .map(|(name, about, parameters, body)| {
            let lines = body.lines().map(str::to_owned).collect();
            Entry::new(*name, Node::Lambda(parameters.to_vec(), lines)).comment([*about])
        })
        .collect()
}

pub fn execute(operation: &Operation, paging: &Paging, _: &Api) -> Vec<String> {
    let mut query = params(operation, Place::Query).unwrap_or_else(|| "{}".to_owned());
    if let Some((name, most)) = &paging.size {
        let pair = format!("{} => {most}", emit::text(name));
        query = if query == "{}" { format!("{{ {pair} }}") } else { format!("{query}.merge({pair})") };
    }
    let name = paging.items.clone().unwrap_or_else(|| list_name(operation));
    let how = how(paging);
    let mut lines =
        vec![format!("query = {query}"), format!("limit = (input['{LIMIT}'].presence || 100).to_i"), String::new()];
    let arguments = format!("'{}', {}, query", method(&paging.style), path(operation));
    let one = format!("{{ {} call({arguments}, {how}, limit) }}", emit::key(&name));
    if one.chars().count() <= LINE {
        lines.push(one);
    } else {
        lines.pop();
        lines.push(format!("paging = {how}"));
        lines.push(format!("items = call({arguments}, paging, limit)"));
        lines.extend([String::new(), format!("{{ {} items }}", emit::key(&name))]);
    }
    lines
}

/// What the method has to know about the answers.
fn how(paging: &Paging) -> String {
    let items = paging.items.as_deref().map_or("nil".to_owned(), emit::text);
    let size = paging.size.as_ref().map_or(1, |(_, most)| *most);
    match &paging.style {
        Style::Link => items,
        Style::Number(page) => {
            format!("{{ 'page' => {}, 'items' => {items}, 'size' => {size} }}", emit::text(page))
        }
        Style::Offset(offset) => {
            format!("{{ 'offset' => {}, 'items' => {items}, 'size' => {size} }}", emit::text(offset))
        }
        Style::Cursor(cursor, next) => {
            let next: Vec<_> = next.iter().map(|key| emit::text(key)).collect();
            format!("{{ 'cursor' => {}, 'next' => [{}], 'items' => {items} }}", emit::text(cursor), next.join(", "))
        }
        Style::LastId(after, more) => {
            let more = more.as_deref().map_or("nil".to_owned(), emit::text);
            format!("{{ 'after' => {}, 'more' => {more}, 'items' => {items} }}", emit::text(after))
        }
    }
}
