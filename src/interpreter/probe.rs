//! Nodes that tell the world what is reached.

use super::Interpreter;
use crate::program::{ProbeNode, Tells};
use crate::value::{Result, Value};

impl Interpreter {
    #[cold]
    #[inline(never)]
    pub(super) fn eval_probe(&mut self, probe: &ProbeNode) -> Result<Value> {
        let point = probe.point;
        let second = match probe.tells {
            Tells::Reached => {
                self.world.reached(point);
                return self.eval(&probe.node);
            }
            Tells::Call => {
                self.world.entered(point);
                let result = self.eval(&probe.node);
                self.world.left();
                return result;
            }
            Tells::Done => |_: &Value| false,
            Tells::Truth => |value: &Value| !value.truthy(),
            Tells::Nil => |value: &Value| !value.is_nil(),
        };
        let value = self.eval(&probe.node)?;
        self.world.reached(point + u32::from(second(&value)));
        Ok(value)
    }
}
