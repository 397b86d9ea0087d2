//! `begin … rescue … else … ensure … end`.

use super::Interpreter;
use crate::program::{ArgNode, RescueNode};
use crate::value::{ClassId, Exception, Result, Unwind, Value, raise};
use std::rc::Rc;

use crate::program::BeginNode;

/// `rescue RuntimeError` in a connector names the SDK's class of that name; it catches Ruby's too.
const TWINS: &[(ClassId, ClassId)] =
    &[(ClassId::SDK_RUNTIME_ERROR, ClassId::RUNTIME_ERROR), (ClassId::SDK_ARGUMENT_ERROR, ClassId::ARGUMENT_ERROR)];

impl Interpreter {
    pub(super) fn eval_begin(&mut self, parts: &BeginNode) -> Result<Value> {
        let result = self.eval_rescued(parts);
        let Some(ensure) = &parts.ensure else { return result };
        // A jump out of `ensure` replaces what was under way.
        self.eval(ensure)?;
        result
    }

    fn eval_rescued(&mut self, parts: &BeginNode) -> Result<Value> {
        loop {
            let unwind = match self.eval(&parts.body) {
                Ok(value) => {
                    return match &parts.otherwise {
                        Some(otherwise) => self.eval(otherwise),
                        None => Ok(value),
                    };
                }
                Err(unwind) => unwind,
            };
            let Unwind::Raise(exception) = &*unwind else { return Err(unwind) };
            let exception = Rc::clone(exception);
            let Some(rescue) = self.find_rescue(&parts.rescues, &exception)? else { return Err(unwind) };
            match self.run_rescue(rescue, exception) {
                Err(unwind) if matches!(*unwind, Unwind::Retry) => self.step()?,
                other => return other,
            }
        }
    }

    fn run_rescue(&mut self, rescue: &RescueNode, exception: Rc<Exception>) -> Result<Value> {
        if let Some(binding) = &rescue.binding {
            self.assign_to(binding, Value::Exception(Rc::clone(&exception)))?;
        }
        let outer = std::mem::replace(&mut self.last_error, Value::Exception(exception));
        let result = self.eval(&rescue.body);
        self.last_error = outer;
        result
    }

    fn find_rescue<'a>(
        &mut self,
        rescues: &'a [RescueNode],
        exception: &Rc<Exception>,
    ) -> Result<Option<&'a RescueNode>> {
        for rescue in rescues {
            if rescue.classes.is_empty() {
                if exception.class.is_a(ClassId::STANDARD_ERROR) {
                    return Ok(Some(rescue));
                }
                continue;
            }
            for class in &rescue.classes {
                if self.catches(class, exception)? {
                    return Ok(Some(rescue));
                }
            }
        }
        Ok(None)
    }

    fn catches(&mut self, class: &ArgNode, exception: &Rc<Exception>) -> Result<bool> {
        let values = match class {
            ArgNode::Value(node) => vec![self.eval(node)?],
            ArgNode::Splat(node) => {
                let value = self.eval(node)?;
                self.splat(&value)?
            }
            ArgNode::Keywords(_) => Vec::new(),
        };
        for value in values {
            let Value::Class(class) = value else {
                return Err(raise(ClassId::TYPE_ERROR, "class or module required for rescue clause"));
            };
            if is_caught(exception.class, class) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn is_caught(raised: ClassId, named: ClassId) -> bool {
    raised.is_a(named) || TWINS.iter().any(|(sdk, ruby)| named == *sdk && raised.is_a(*ruby))
}
