//! The macros: the declarative ones under a foreign executor, since they need no runtime of ours; then the attributes,
//! and what the declarative ones do with a task's budget.

mod attributes;
mod budget;
mod join;
mod select;
mod select_bodies;
