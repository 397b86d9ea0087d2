//! `aws`: Signature Version 4 for Amazon's services, with keys of the settings or of an assumed role.

use crate::value::{ClassId, Kind, Object, Value};
use std::any::Any;

/// The value of `aws`; its methods are a table of their own.
pub struct Aws;

impl Object for Aws {
    fn kind(&self) -> Kind {
        Kind::Namespace
    }

    fn class(&self) -> ClassId {
        ClassId::NAMESPACE
    }

    fn namespace(&self) -> Option<&'static str> {
        Some("aws")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
