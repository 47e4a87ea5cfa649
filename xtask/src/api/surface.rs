//! The names of a crate's interface, as a user can write them, each a line of text.
//!
//! `task::JoinHandle::abort` is a method, `task::JoinHandle: Debug` a trait that a type has, `io::AsyncRead for &mut _`
//! one that a foreign type has, `select!` a macro. Type parameters are `_`, since their names are nobody's business.

use std::collections::BTreeSet;

use serde_json::Value;

use super::docs::{Docs, Item};
use crate::step::Failure;

/// The auto traits that are part of what a type promises.
const AUTO_TRAITS: [&str; 3] = ["Send", "Sync", "Unpin"];

/// What a crate offers.
#[derive(Default)]
pub(super) struct Surface {
    /// Everything that its user can name.
    pub(super) names: BTreeSet<String>,
    /// Of the types, traits, functions, methods and macros, those whose documentation shows no example.
    pub(super) without_example: BTreeSet<String>,
}

/// Everything that a user of the crate can name.
pub(super) fn of(docs: &Docs, krate: &str) -> Result<Surface, Failure> {
    let root =
        docs.root(krate).ok_or_else(|| Failure::Found(format!("rustdoc wrote nothing of `{krate}`")))?;
    let mut walk = Walk { docs, surface: Surface::default() };
    walk.module(root, "");
    Ok(walk.surface)
}

struct Walk<'a> {
    docs: &'a Docs,
    surface: Surface,
}

impl Walk<'_> {
    fn module(&mut self, module: Item<'_>, path: &str) {
        for id in list(&module.json["inner"]["module"]["items"]) {
            match self.docs.item(module.krate, id) {
                Some(item) => self.item(item, None, path),
                None => continue,
            }
        }
    }

    /// Adds an item, and what it contains. `name` is the one it is re-exported by.
    fn item(&mut self, item: Item<'_>, name: Option<&str>, within: &str) {
        let Some((kind, inner)) = item.json["inner"].as_object().and_then(|inner| inner.iter().next()) else {
            return;
        };
        if kind == "use" {
            return self.re_export(item, inner, within);
        }
        let path = join(within, name.or(item.json["name"].as_str()).unwrap_or_default());
        if kind != "module" {
            self.look_for_example(item, &path);
        }
        match kind.as_str() {
            "module" => {
                self.module(item, &path);
                self.surface.names.insert(path);
            }
            "struct" | "enum" | "union" => {
                self.members(item.krate, inner, &path);
                self.surface.names.insert(path);
            }
            "trait" => {
                self.each_name(item.krate, &inner["items"], &path);
                self.foreign_types(item.krate, inner, &path);
                self.surface.names.insert(path);
            }
            // Another name for a type of ours has what that type has.
            "type_alias" => match self.docs.item(item.krate, &inner["type"]["resolved_path"]["id"]) {
                Some(behind) => {
                    let name = last(&path).to_owned();
                    self.item(behind, Some(&name), within);
                }
                None => {
                    self.surface.names.insert(path);
                }
            },
            "macro" | "proc_macro" => {
                self.surface.names.insert(path + "!");
            }
            "impl" => {}
            _ => {
                self.surface.names.insert(path);
            }
        }
    }

    fn re_export(&mut self, Item { json: declaration, krate }: Item<'_>, re_export: &Value, within: &str) {
        let name = re_export["name"].as_str().unwrap_or_default();
        match self.docs.item(krate, &re_export["id"]) {
            Some(module) if re_export["is_glob"] == true => self.module(module, within),
            Some(item) => {
                self.item(item, Some(name), within);
                // What is said at the re-export stands above what is said of the item.
                if has_example(declaration) {
                    self.surface.without_example.remove(&join(within, name));
                }
            }
            // Some other crate's: its name is all that can be had. Attributes are macros, and so is what an
            // undocumented crate of macros has.
            None if re_export["source"].as_str().is_some_and(|source| source.contains("macros")) => {
                self.surface.names.insert(join(within, name) + "!");
            }
            None => {
                self.surface.names.insert(join(within, name));
            }
        }
    }

    /// The fields or variants of a type, its methods and its traits.
    fn members(&mut self, krate: &str, inner: &Value, path: &str) {
        self.each_name(krate, &inner["variants"], path);
        self.each_name(krate, &inner["kind"]["plain"]["fields"], path);
        for id in list(&inner["impls"]) {
            let Some(item) = self.docs.item(krate, id) else { continue };
            let implementation = &item.json["inner"]["impl"];
            match name_of_trait(implementation) {
                None => self.each_name(item.krate, &implementation["items"], path),
                Some(name) if is_promised(implementation, &name) => {
                    self.surface.names.insert(format!("{path}: {name}"));
                }
                Some(_) => {}
            }
        }
    }

    fn each_name(&mut self, krate: &str, ids: &Value, path: &str) {
        for id in list(ids) {
            let Some(item) = self.docs.item(krate, id) else { continue };
            let visibility = &item.json["visibility"];
            // Members of an enum or a trait are as visible as it is.
            let Some(name) = item.json["name"].as_str() else { continue };
            if visibility == "public" || visibility == "default" {
                let path = join(path, name);
                self.look_for_example(item, &path);
                self.surface.names.insert(path);
            }
        }
    }

    fn look_for_example(&mut self, item: Item<'_>, path: &str) {
        let inner = &item.json["inner"];
        let kinds = ["struct", "enum", "union", "trait", "function", "macro", "proc_macro"];
        if kinds.iter().any(|kind| inner.get(kind).is_some()) && !has_example(item.json) {
            self.surface.without_example.insert(path.to_owned());
        }
    }

    /// The types of other crates that have this trait.
    fn foreign_types(&mut self, krate: &str, inner: &Value, path: &str) {
        for id in list(&inner["implementations"]) {
            let Some(item) = self.docs.item(krate, id) else { continue };
            let of = &item.json["inner"]["impl"]["for"];
            let is_ours = self.docs.item(item.krate, &of["resolved_path"]["id"]).is_some();
            if !is_ours {
                self.surface.names.insert(format!("{path} for {}", text_of_type(of)));
            }
        }
    }
}

/// Whether its documentation shows an example.
fn has_example(item: &Value) -> bool {
    item["docs"].as_str().is_some_and(|docs| docs.contains("```"))
}

/// Written out for this type, or an auto trait that it has.
fn is_promised(implementation: &Value, name: &str) -> bool {
    let is_for_all = !implementation["blanket_impl"].is_null();
    let is_auto = implementation["is_synthetic"] == true || AUTO_TRAITS.contains(&name);
    let is_negative = implementation["is_negative"] == true;
    // Marks for the compiler's own use; and no user of a type names its destructor.
    let is_internal = name.starts_with("Structural") || name == "Drop";
    !is_for_all && !is_negative && !is_internal && (!is_auto || AUTO_TRAITS.contains(&name))
}

fn name_of_trait(implementation: &Value) -> Option<String> {
    let of = &implementation["trait"];
    of["path"].as_str().map(|path| last(path).to_owned() + &arguments(&of["args"]))
}

fn text_of_type(of: &Value) -> String {
    let Some((kind, inner)) = of.as_object().and_then(|of| of.iter().next()) else { return "_".to_owned() };
    match kind.as_str() {
        "primitive" => inner.as_str().unwrap_or_default().to_owned(),
        "resolved_path" => {
            last(inner["path"].as_str().unwrap_or_default()).to_owned() + &arguments(&inner["args"])
        }
        "borrowed_ref" => {
            let mutable = if inner["is_mutable"] == true { "mut " } else { "" };
            format!("&{mutable}{}", text_of_type(&inner["type"]))
        }
        "slice" => format!("[{}]", text_of_type(inner)),
        "tuple" => {
            let parts: Vec<String> = list(inner).iter().map(text_of_type).collect();
            format!("({})", parts.join(", "))
        }
        _ => "_".to_owned(),
    }
}

/// Of the generic arguments, the types.
fn arguments(of: &Value) -> String {
    let types = list(&of["angle_bracketed"]["args"]).iter().filter_map(|argument| argument.get("type"));
    let types: Vec<String> = types.map(text_of_type).collect();
    if types.is_empty() { String::new() } else { format!("<{}>", types.join(", ")) }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn inner_crate() -> Value {
        json!({
            "root": 0,
            "index": {
                "0": {"name": "inner", "inner": {"module": {"items": [1]}}},
                "1": {"name": "Task", "inner": {"struct": {"kind": "unit", "impls": [2, 4, 5]}}},
                "2": {"inner": {"impl": {"items": [3, 6], "trait": null}}},
                "3": {"name": "abort", "visibility": "public", "docs": "```\nabort();\n```", "inner": {"function": {}}},
                "4": {"inner": {"impl": {"trait": {"path": "std::convert::From", "args": {
                    "angle_bracketed": {"args": [{"type": {"borrowed_ref": {
                        "is_mutable": false, "type": {"primitive": "str"}}}}]}}}}}},
                "5": {"inner": {"impl": {"trait": {"path": "Send"}, "is_synthetic": true, "is_negative": true}}},
                "6": {"name": "hidden", "visibility": "crate", "inner": {"function": {}}}
            },
            "paths": {"1": {"crate_id": 0, "path": ["inner", "task", "Task"], "kind": "struct"}},
            "external_crates": {}
        })
    }

    #[test]
    fn what_another_crate_defines_is_found_under_its_new_name() {
        let outer = json!({
            "root": 0,
            "index": {
                "0": {"name": "outer", "inner": {"module": {"items": [1, 2]}}},
                "1": {"name": "task", "inner": {"module": {"items": [3]}}},
                "2": {"name": "join", "inner": {"macro": "…"}},
                "3": {"inner": {"use": {"name": "Work", "id": 9, "is_glob": false, "source": "inner::Task"}}}
            },
            "paths": {"9": {"crate_id": 7, "path": ["inner", "task", "Task"], "kind": "struct"}},
            "external_crates": {"7": {"name": "inner"}}
        });
        let surface = of(&Docs::of(vec![outer, inner_crate()]), "outer").unwrap();
        let expected = ["join!", "task", "task::Work", "task::Work: From<&str>", "task::Work::abort"];
        assert_eq!(Vec::from_iter(surface.names), expected);
        assert_eq!(Vec::from_iter(surface.without_example), ["join", "task::Work"]);
    }

    #[test]
    fn a_crate_that_is_not_there_is_no_empty_crate() {
        assert!(of(&Docs::of(vec![inner_crate()]), "outer").is_err());
    }
}
