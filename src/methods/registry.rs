//! From (kind, name) to a row: a dense table, filled once per process.

use super::row::{Method, Receiver};
use crate::text::Name;
use crate::value::{ClassId, Kind, Value};
use hashbrown::HashMap;
use std::sync::LazyLock;

/// The number of a method name; calls hold it, so that dispatch is two array reads. 0 is a name no table has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Column(u16);

/// All rows, findable.
pub struct Registry {
    columns: HashMap<Name, Column, foldhash::fast::FixedState>,
    names: Vec<Name>,
    /// `kind * width + column` → row number, 0 for none.
    dense: Vec<u16>,
    width: usize,
    rows: Vec<&'static Method>,
    singleton: HashMap<(ClassId, Name), &'static Method, foldhash::fast::FixedState>,
    namespaces: HashMap<(&'static str, Name), &'static Method, foldhash::fast::FixedState>,
}

/// Kinds whose values are collections.
const ENUMERABLE: &[Kind] =
    &[Kind::Array, Kind::Hash, Kind::Range, Kind::Set, Kind::Enumerator, Kind::Arithmetic, Kind::Lazy, Kind::Where];
const NUMERIC: &[Kind] = &[Kind::Integer, Kind::Float, Kind::Decimal, Kind::Rational];
const COMPARABLE: &[Kind] = &[
    Kind::Integer,
    Kind::Float,
    Kind::Decimal,
    Kind::Rational,
    Kind::String,
    Kind::Symbol,
    Kind::Time,
    Kind::TimeWithZone,
    Kind::DateTime,
    Kind::Date,
];

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::build);

/// The one registry.
pub fn registry() -> &'static Registry {
    &REGISTRY
}

impl Registry {
    /// The column of a method name.
    pub fn column(&self, name: Name) -> Column {
        self.columns.get(&name).copied().unwrap_or_default()
    }

    /// The row that a value of `kind` answers with.
    pub fn find(&self, kind: Kind, column: Column) -> Option<&'static Method> {
        let row = *self.dense.get(kind as usize * self.width + column.0 as usize)?;
        if row == 0 { None } else { self.rows.get(row as usize).copied() }
    }

    pub fn find_name(&self, kind: Kind, name: Name) -> Option<&'static Method> {
        self.find(kind, self.column(name))
    }

    /// A method of the class itself or of its superclasses.
    pub fn singleton(&self, class: ClassId, name: Name) -> Option<&'static Method> {
        let mut next = Some(class);
        while let Some(class) = next {
            if let Some(method) = self.singleton.get(&(class, name)) {
                return Some(method);
            }
            next = class.parent();
        }
        None
    }

    /// A member of a namespace such as `workato.csv`.
    pub fn namespace(&self, namespace: &'static str, name: Name) -> Option<&'static Method> {
        self.namespaces.get(&(namespace, name)).copied()
    }

    /// The row of a value's own table: a member of a namespace or of an object without a kind of its own, an attribute of
    /// the exception's class.
    pub fn member(&self, value: &Value, name: Name) -> Option<&'static Method> {
        match value {
            Value::Object(object) => self.namespace(object.namespace()?, name),
            Value::Exception(exception) => {
                exception.class.ancestors().iter().find_map(|class| self.namespace(class.name(), name))
            }
            _ => None,
        }
    }

    /// The names that a kind answers to, for suggestions and completion.
    pub fn names_of(&self, kind: Kind) -> Vec<&'static str> {
        let row = &self.dense[kind as usize * self.width..][..self.width];
        row.iter().zip(&self.names).filter(|(row, _)| **row != 0).map(|(_, name)| name.as_str()).collect()
    }

    fn build() -> Self {
        let mut registry = Self {
            columns: HashMap::default(),
            names: vec![Name::new("")],
            dense: Vec::new(),
            width: 0,
            rows: Vec::new(),
            singleton: HashMap::default(),
            namespaces: HashMap::default(),
        };
        let tables = super::tables;
        for name in tables().flat_map(|table| table.rows).flat_map(|row| row.names.split(' ')) {
            registry.add_column(Name::new(name));
        }
        registry.width = registry.names.len();
        registry.dense = vec![0; registry.width * Kind::COUNT];
        registry.rows.push(&NOTHING);
        for rank in 0..4 {
            for table in tables().filter(|table| rank_of(table.receiver) == rank) {
                registry.add_table(table);
            }
        }
        registry
    }

    fn add_column(&mut self, name: Name) {
        let next = Column(self.names.len() as u16);
        if *self.columns.entry(name).or_insert(next) == next {
            self.names.push(name);
        }
    }

    /// Later ranks do not overwrite: the kind's own rows were there first.
    fn add_table(&mut self, table: &'static super::Table) {
        for row in table.rows {
            let number = self.rows.len() as u16;
            self.rows.push(row);
            for name in row.names.split(' ').map(Name::new) {
                match table.receiver {
                    Receiver::Singleton(class) => {
                        if let Some(class) = ClassId::find(class) {
                            self.singleton.entry((class, name)).or_insert(row);
                        }
                    }
                    Receiver::Namespace(namespace) => {
                        self.namespaces.entry((namespace, name)).or_insert(row);
                    }
                    receiver => {
                        if receiver == Receiver::Context && row.origin == super::Origin::Ruby {
                            // Ruby's functions are functions of Kernel too: `Kernel.format`.
                            self.singleton.entry((ClassId::KERNEL, name)).or_insert(row);
                        }
                        self.add_dense(kinds_of(receiver), name, number);
                    }
                }
            }
        }
    }

    fn add_dense(&mut self, kinds: &[Kind], name: Name, number: u16) {
        let column = self.column(name).0 as usize;
        for kind in kinds {
            let place = &mut self.dense[*kind as usize * self.width + column];
            if *place == 0 {
                *place = number;
            }
        }
    }
}

/// Own rows first, then modules, then Object.
const fn rank_of(receiver: Receiver) -> u8 {
    match receiver {
        Receiver::Enumerable | Receiver::Numeric => 1,
        Receiver::Comparable => 2,
        Receiver::Object => 3,
        _ => 0,
    }
}

const fn kinds_of(receiver: Receiver) -> &'static [Kind] {
    match receiver {
        Receiver::Kinds(kinds) => kinds,
        Receiver::Enumerable => ENUMERABLE,
        Receiver::Comparable => COMPARABLE,
        Receiver::Numeric => NUMERIC,
        Receiver::AnyClass => &[Kind::Class],
        Receiver::Context => &[Kind::Context],
        Receiver::Object => OBJECT,
        Receiver::Singleton(_) | Receiver::Namespace(_) => &[],
    }
}

/// Everything but requests, which have few methods of their own so that the rest goes to their answer.
const OBJECT: &[Kind] = &{
    let mut kinds = [Kind::Nil; Kind::COUNT - 1];
    let mut from = 0;
    let mut to = 0;
    while from < Kind::COUNT {
        if !matches!(Kind::ALL[from], Kind::Request) {
            kinds[to] = Kind::ALL[from];
            to += 1;
        }
        from += 1;
    }
    kinds
};

/// Row 0, never found.
static NOTHING: Method = super::ruby("", "()", "", "", |_, _, _| Ok(crate::value::Value::Nil));
