//! The declarative macros under a foreign executor: they need no runtime of ours.

mod join;
mod select;
mod select_bodies;
