//! The customers service of the guides.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::message::{Asked, Format, Reply};
use super::{World, webhooks};

const FIRST_ID: u64 = 1000;
const COUNT: u64 = 1000;
/// The customer that the guides show.
const JOHN: u64 = 1234;
/// More than a demo needs, and less than memory.
const MOST: usize = 100_000;
/// When the first customer was created, and how much later each next one: this puts John at 12:34:56.
const FIRST_SECOND: i64 = 1_483_315_334;
const STEP: i64 = 193;

const GIVEN: [&str; 16] = [
    "Ada", "Ben", "Carla", "Dev", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam", "Mira", "Noor",
    "Olga", "Pablo",
];
const FAMILY: [&str; 16] = [
    "Abbott", "Brown", "Chen", "Diaz", "Evans", "Fischer", "Garcia", "Hansen", "Ito", "Jones", "Khan", "Lopez",
    "Meyer", "Novak", "Okafor", "Patel",
];
const STREETS: [&str; 8] =
    ["Main St", "Oak Ave", "Hill Rd", "Lake Dr", "Mill Ln", "Park Blvd", "River Way", "Station St"];
/// City, state, zip.
const CITIES: [(&str, &str, &str); 8] = [
    ("Albany", "NY", "12207"),
    ("Boise", "ID", "83702"),
    ("Columbus", "OH", "43215"),
    ("Denver", "CO", "80202"),
    ("Eugene", "OR", "97401"),
    ("Fresno", "CA", "93721"),
    ("Georgetown", "TX", "78626"),
    ("Helena", "MT", "59601"),
];

type Customer = Map<String, Value>;

/// Customers by id, which is also the order of their creation.
pub(super) struct Customers {
    by_id: BTreeMap<u64, Customer>,
    next_id: u64,
}

impl Customers {
    /// A thousand of them, always the same.
    pub fn generate() -> Self {
        let next_id = FIRST_ID + COUNT;
        Self { by_id: (FIRST_ID..next_id).map(|id| (id, generated(id))).collect(), next_id }
    }

    pub fn find(&self, id: u64) -> Option<&Map<String, Value>> {
        self.by_id.get(&id)
    }

    /// Those with greater ids, in order.
    pub fn after(&self, id: u64) -> impl Iterator<Item = &Map<String, Value>> {
        self.by_id.range(id.saturating_add(1)..).map(|(_, customer)| customer)
    }
}

fn pick<T: Copy + Default>(from: &[T], by: u64) -> T {
    let at = usize::try_from(by).unwrap_or_default() % from.len().max(1);
    from.get(at).copied().unwrap_or_default()
}

fn created_at(id: u64) -> String {
    let steps = i64::try_from(id.saturating_sub(FIRST_ID)).unwrap_or_default();
    let time = DateTime::from_timestamp(FIRST_SECOND, 0).unwrap_or_default() + TimeDelta::seconds(steps * STEP);
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn generated(id: u64) -> Customer {
    let (given, family) = (pick(&GIVEN, id), pick(&FAMILY, id / 16 + id));
    let (city, state, zip) = pick(&CITIES, id / 3);
    let number = 1 + id * 37 % 900;
    let customer = if id == JOHN {
        json!({
            "id": id,
            "name": "John Smith",
            "email": "john.smith@email.com",
            "address": { "street": "123 Main St", "city": "Anytown", "state": "CA", "zip": "94321", "country": "USA" },
        })
    } else {
        json!({
            "id": id,
            "name": format!("{given} {family}"),
            "email": format!("{}.{}.{id}@email.com", given.to_lowercase(), family.to_lowercase()),
            "address": {
                "street": format!("{number} {}", pick(&STREETS, id / 5)),
                "city": city,
                "state": state,
                "zip": zip,
                "country": "USA",
            },
        })
    };
    let mut customer = customer.as_object().cloned().unwrap_or_default();
    customer.insert("created_at".to_owned(), created_at(id).into());
    customer.insert("updated_at".to_owned(), created_at(id).into());
    customer
}

/// A refusal: status and message.
type Refusal = (u16, String);

fn bad(message: impl Into<String>) -> Refusal {
    (400, message.into())
}

fn replied(format: Format, outcome: Result<Reply, Refusal>) -> Reply {
    outcome.unwrap_or_else(|(status, message)| {
        let reply = Reply::error(status, format, message);
        if status == 401 { reply.header("WWW-Authenticate", "Bearer realm=\"customers\"") } else { reply }
    })
}

pub(super) fn authorize(asked: &Asked) -> Result<(), Refusal> {
    if asked.param("api_token").is_some() || asked.bearer().is_some() {
        return Ok(());
    }
    let message = "no API token: add the parameter api_token or the header Authorization: Bearer; any value will do";
    Err((401, message.to_owned()))
}

fn id_of(text: &str) -> Result<u64, Refusal> {
    text.parse().map_err(|_| bad(format!("id {text:?} is not a whole number")))
}

fn unknown(id: u64) -> Refusal {
    (404, format!("there is no customer {id}; the first ones are {FIRST_ID} to {}", FIRST_ID + COUNT - 1))
}

/// `GET /v1/customers.json`: one customer by `id`, else a page of them.
pub(super) fn list(world: &World, asked: &Asked, format: Format) -> Reply {
    let page = || {
        authorize(asked)?;
        let customers = world.customers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = asked.param("id").map(id_of).transpose()? {
            let customer = customers.by_id.get(&id).ok_or_else(|| unknown(id))?;
            return Ok(Reply::data(200, format, &json!({ "customer": customer })));
        }
        let since = asked.param("created_since").map(|text| time("created_since", text)).transpose()?;
        let before = asked.param("created_before").map(|text| time("created_before", text)).transpose()?;
        let limit = match asked.param("limit") {
            None => 100,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=1000).contains(limit))
                .ok_or_else(|| bad(format!("limit {text:?} is not a whole number from 1 to 1000")))?,
        };
        let fitting = customers.by_id.values().filter(|customer| {
            let created = customer.get("created_at").and_then(Value::as_str).and_then(instant);
            since.is_none_or(|since| created >= Some(since)) && before.is_none_or(|before| created <= Some(before))
        });
        let page: Vec<&Customer> = match asked.param("order").unwrap_or("asc") {
            "asc" => fitting.take(limit).collect(),
            "desc" => fitting.rev().take(limit).collect(),
            other => return Err(bad(format!("order {other:?} is neither \"asc\" nor \"desc\""))),
        };
        Ok(Reply::data(200, format, &json!({ "customers": page })))
    };
    replied(format, page())
}

/// `GET /v1/customers/:id.json`
pub(super) fn show(world: &World, asked: &Asked, format: Format) -> Reply {
    let one = || {
        authorize(asked)?;
        let id = id_of(asked.capture("id"))?;
        let customers = world.customers.lock().unwrap_or_else(PoisonError::into_inner);
        let customer = customers.by_id.get(&id).ok_or_else(|| unknown(id))?;
        Ok(Reply::data(200, format, &json!({ "customer": customer })))
    };
    replied(format, one())
}

/// `POST /v1/customers.json`
pub(super) fn create(world: &World, asked: &Asked, format: Format) -> Reply {
    let created = || {
        authorize(asked)?;
        let fields = fields(asked)?;
        if fields.get("name").and_then(Value::as_str).is_none_or(|name| name.trim().is_empty()) {
            return Err((422, "name is missing".to_owned()));
        }
        let mut customers = world.customers.lock().unwrap_or_else(PoisonError::into_inner);
        if customers.by_id.len() >= MOST {
            return Err((507, format!("the sandbox holds {MOST} customers already; start a new one")));
        }
        let id = customers.next_id;
        customers.next_id += 1;
        let mut customer: Customer = [("id".to_owned(), json!(id))].into_iter().collect();
        for name in ["name", "email", "address"] {
            customer.insert(name.to_owned(), Value::Null);
        }
        merge(&mut customer, fields);
        for name in ["created_at", "updated_at"] {
            customer.insert(name.to_owned(), created_at(id).into());
        }
        let reply = Reply::data(201, format, &json!({ "customer": &customer }));
        webhooks::tell(world, "customer.created", &Value::Object(customer.clone()));
        customers.by_id.insert(id, customer);
        Ok(reply.header("Location", format!("/v1/customers/{id}.json")))
    };
    replied(format, created())
}

/// `PUT` and `PATCH /v1/customers/:id.json`
pub(super) fn update(world: &World, asked: &Asked) -> Reply {
    let updated = || {
        authorize(asked)?;
        let id = id_of(asked.capture("id"))?;
        let fields = fields(asked)?;
        let mut customers = world.customers.lock().unwrap_or_else(PoisonError::into_inner);
        let customer = customers.by_id.get_mut(&id).ok_or_else(|| unknown(id))?;
        merge(customer, fields);
        // A day later each time: later than before, and the same in every run.
        let before = customer.get("updated_at").and_then(Value::as_str).and_then(instant).unwrap_or_default();
        let now = (before + TimeDelta::days(1)).to_rfc3339_opts(SecondsFormat::Secs, true);
        customer.insert("updated_at".to_owned(), now.into());
        webhooks::tell(world, "customer.updated", &Value::Object(customer.clone()));
        Ok(Reply::json(200, &json!({ "customer": customer })))
    };
    replied(Format::Json, updated())
}

/// `DELETE /v1/customers/:id.json`
pub(super) fn delete(world: &World, asked: &Asked) -> Reply {
    let deleted = || {
        authorize(asked)?;
        let id = id_of(asked.capture("id"))?;
        let mut customers = world.customers.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = customers.by_id.remove(&id).ok_or_else(|| unknown(id))?;
        webhooks::tell(world, "customer.deleted", &Value::Object(gone));
        Ok(Reply::empty(204))
    };
    replied(Format::Json, deleted())
}

/// The fields of a body, bare or under `customer`, without those that the service sets.
fn fields(asked: &Asked) -> Result<Customer, Refusal> {
    let mut data = asked.data().map_err(bad)?;
    if let Some(inner) = data.get_mut("customer").map(Value::take) {
        data = inner;
    }
    let Value::Object(mut fields) = data else { return Err(bad("the body is not an object with a customer's fields")) };
    if fields.get("email").is_some_and(|email| email.as_str().is_none_or(|email| !email.contains('@'))) {
        return Err((422, "email is not an e-mail address".to_owned()));
    }
    if fields.get("address").is_some_and(|address| !address.is_object() && !address.is_null()) {
        return Err((422, "address is not an object with street, city, state, zip, country".to_owned()));
    }
    fields.retain(|name, _| !["id", "created_at", "updated_at", "api_token"].contains(&name.as_str()));
    Ok(fields)
}

/// Fields replace their namesakes; objects are merged.
fn merge(into: &mut Customer, fields: Customer) {
    for (name, value) in fields {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (_, value) => drop(into.insert(name, value)),
        }
    }
}

fn time(name: &str, text: &str) -> Result<DateTime<Utc>, Refusal> {
    instant(text).ok_or_else(|| bad(format!("{name} {text:?} is not a time such as 2017-01-02T12:34:56Z")))
}

/// Times as connectors write them: ISO 8601, a date, or Ruby's `to_s`; a `+` that a query made a space is restored.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let midnight = || text.parse::<NaiveDate>().ok().and_then(|date| date.and_hms_opt(0, 0, 0));
    let utc = text.strip_suffix(" UTC").unwrap_or(text);
    let naive = || {
        let formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f"];
        formats.iter().find_map(|format| NaiveDateTime::parse_from_str(utc, format).ok())
    };
    let with_plus = || text.rsplit_once(' ').map(|(head, zone)| format!("{head}+{zone}"));
    let zoned = |text: &str| {
        let formats = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S %z"];
        formats.iter().find_map(|format| DateTime::parse_from_str(text, format).ok()).map(|time| time.to_utc())
    };
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| time.to_utc())
        .or_else(|| zoned(text))
        .or_else(|| midnight().map(|time| time.and_utc()))
        .or_else(|| naive().map(|time| time.and_utc()))
        .or_else(|| zoned(&with_plus()?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_thousand_distinct_customers() {
        let customers = Customers::generate();
        assert_eq!((customers.by_id.len(), customers.next_id), (1000, 2000));
        for field in ["created_at", "email"] {
            let values: HashSet<String> = customers.by_id.values().map(|c| c[field].to_string()).collect();
            assert_eq!(values.len(), 1000, "{field}");
        }
        assert_eq!(customers.by_id[&1000]["created_at"], "2017-01-02T00:02:14Z");
        assert_eq!(customers.by_id[&JOHN]["created_at"], "2017-01-02T12:34:56Z");
        assert_eq!(customers.by_id[&1999]["created_at"], "2017-01-04T05:35:41Z");
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("2017-01-02T12:34:56Z", Some("2017-01-02T12:34:56+00:00")),
            ("2017-01-02T14:34:56+02:00", Some("2017-01-02T12:34:56+00:00")),
            ("2017-01-02T14:34:56 02:00", Some("2017-01-02T12:34:56+00:00")),
            ("2017-01-02T14:34:56+0200", Some("2017-01-02T12:34:56+00:00")),
            ("2017-01-02 12:34:56 UTC", Some("2017-01-02T12:34:56+00:00")),
            ("2017-01-02 14:34:56 +0200", Some("2017-01-02T12:34:56+00:00")),
            ("2017-01-02T12:34:56.250", Some("2017-01-02T12:34:56.250+00:00")),
            ("2017-01-02", Some("2017-01-02T00:00:00+00:00")),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(instant(text).map(|time| time.to_rfc3339()).as_deref(), expected, "{text}");
        }
    }
}
