//! The walk through the syntax of a file.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{
    Arm, Attribute, Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprWhile, FnArg, ImplItemFn,
    Item, ItemFn, Macro, Member, Meta, Pat, Signature, Stmt, TraitItemFn, UseTree,
};

use crate::types::attributes::{derives_events, events, is_called, is_inert};
use crate::types::parsed::Parsed;

/// Macros that define nothing.
const DEFINE_NOTHING: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "dbg",
    "eprintln",
    "flow",
    "format",
    "matches",
    "panic",
    "print",
    "println",
    "vec",
    "write",
    "writeln",
];

/// Where the names of a `use` come from.
enum Origin {
    /// This file.
    File,
    /// A module of this name, whose items may be in this file.
    Module(String),
    /// A module around this file, whose names the file may have for others.
    Around,
    Elsewhere,
}

impl Parsed {
    fn ty(&mut self, name: &Ident, attributes: &[Attribute], is_generic: bool) {
        let name = name.to_string();
        if self.modules_around > 0 {
            self.within_modules.insert(name.clone());
        }
        if attributes.iter().any(derives_events) {
            self.holding.insert(name.clone());
        }
        if !self.is_conditional && !is_generic && attributes.iter().all(is_inert) {
            *self.plain.entry(name).or_default() += 1;
        } else {
            self.others.insert(name);
        }
    }

    fn used<'a>(&mut self, tree: &'a UseTree, before: &mut Vec<&'a Ident>) {
        match tree {
            UseTree::Path(path) => {
                before.push(&path.ident);
                self.used(&path.tree, before);
                before.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.used(tree, before);
                }
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.uses.insert(name.clone());
                match self.origin(before) {
                    Origin::File => {}
                    Origin::Module(module) => self.by_root.push((module, Some(name))),
                    Origin::Around | Origin::Elsewhere => drop(self.imported.insert(name)),
                }
            }
            UseTree::Rename(rename) => {
                self.others.insert(rename.rename.to_string());
            }
            UseTree::Glob(_) => {
                let is_known = before.first().is_some_and(|root| *root == "flow_core");
                self.defines_unseen |= !is_known;
                match self.origin(before) {
                    _ if is_known => {}
                    Origin::File => {}
                    Origin::Module(module) => self.by_root.push((module, None)),
                    Origin::Around => self.imports_around = true,
                    Origin::Elsewhere => self.imports_all = true,
                }
            }
        }
    }

    /// Where a path in a `use` leads to whose first words are these.
    fn origin(&self, before: &[&Ident]) -> Origin {
        let outwards = before.iter().filter(|word| **word == "super").count();
        let first = |word: &Ident| word == "super" || word == "self";
        let mut rest = before.iter().skip_while(|word| first(word));
        let is_relative = before.first().is_some_and(|word| first(word));
        match (is_relative, rest.next()) {
            // `use super::Draft` in a module of the file is the type at its top.
            (true, None) if outwards <= self.modules_around => Origin::File,
            (true, None) => Origin::Around,
            (true, Some(module)) if outwards == self.modules_around => {
                Origin::Module(module.to_string())
            }
            (false, Some(root)) if *root == "crate" && before.len() == 1 => Origin::Around,
            (false, Some(root)) if self.depth == 0 => Origin::Module(root.to_string()),
            _ => Origin::Elsewhere,
        }
    }

    /// The macro may define each name in its input.
    fn words(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    self.others.insert(word.to_string());
                }
                TokenTree::Group(group) => self.words(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Parsed {
    fn visit_item(&mut self, item: &'a Item) {
        let outside = self.is_conditional;
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Macro(item) => &item.attrs,
            _ => &Vec::new(),
        };
        // Another attribute may be a macro that leaves the item out.
        let is_known = |attribute| is_inert(attribute) || is_called(attribute, "handler");
        self.is_conditional |= !attributes.iter().all(is_known);
        match item {
            Item::Struct(item) => {
                let fields = item.fields.members().map(|member| match member {
                    Member::Named(name) => name.unraw().to_string(),
                    Member::Unnamed(index) => index.index.to_string(),
                });
                // Another attribute may be a macro that adds some.
                let is_known = |attribute: &Attribute| {
                    let path = attribute.path();
                    path.is_ident("derive") || path.is_ident("event") || is_inert(attribute)
                };
                let is_whole = !self.is_conditional && item.attrs.iter().all(is_known);
                let fields = is_whole.then(|| fields.collect());
                let known = self.fields.entry(item.ident.to_string());
                known.and_modify(|known| *known = None).or_insert(fields);
                self.ty(&item.ident, &item.attrs, !item.generics.params.is_empty());
            }
            Item::Enum(item) => {
                let known = self.variants.entry(item.ident.to_string()).or_default();
                *known = item.variants.len().max(*known);
                self.ty(&item.ident, &item.attrs, !item.generics.params.is_empty());
            }
            Item::Union(item) => self.ty(&item.ident, &item.attrs, true),
            Item::Type(item) => {
                self.others.insert(item.ident.to_string());
            }
            Item::Trait(item) => {
                self.others.insert(item.ident.to_string());
            }
            Item::Use(item) => self.used(&item.tree, &mut Vec::new()),
            Item::Impl(item) => {
                let of = item
                    .trait_
                    .as_ref()
                    .and_then(|(path, _)| path.segments.last());
                if of.is_some_and(|of| of.ident == "Event")
                    && let syn::Type::Path(ty) = &*item.self_ty
                {
                    let last = ty.path.segments.last();
                    self.others.extend(last.map(|last| last.ident.to_string()));
                }
            }
            _ => {}
        }
        visit::visit_item(self, item);
        self.is_conditional = outside;
    }

    fn visit_block(&mut self, block: &'a Block) {
        self.within(&[], |parsed| visit::visit_block(parsed, block));
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        self.within(&parameters(&function.sig), |parsed| {
            visit::visit_impl_item_fn(parsed, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'a TraitItemFn) {
        self.within(&parameters(&function.sig), |parsed| {
            visit::visit_trait_item_fn(parsed, function);
        });
    }

    fn visit_expr_closure(&mut self, closure: &'a ExprClosure) {
        self.within(&closure.inputs.iter().collect::<Vec<_>>(), |parsed| {
            visit::visit_expr_closure(parsed, closure);
        });
    }

    fn visit_arm(&mut self, arm: &'a Arm) {
        self.within(&[&arm.pat], |parsed| visit::visit_arm(parsed, arm));
    }

    fn visit_expr_for_loop(&mut self, of: &'a ExprForLoop) {
        self.visit_expr(&of.expr);
        self.within(&[&*of.pat], |parsed| parsed.visit_block(&of.body));
    }

    fn visit_expr_if(&mut self, of: &'a ExprIf) {
        self.visit_expr(&of.cond);
        self.within(&conditions(&of.cond), |parsed| {
            parsed.visit_block(&of.then_branch);
        });
        if let Some((_, otherwise)) = &of.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, of: &'a ExprWhile) {
        self.visit_expr(&of.cond);
        self.within(&conditions(&of.cond), |parsed| parsed.visit_block(&of.body));
    }

    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        let name = module.ident.to_string();
        // Its types are in this file.
        if module.content.is_some() && self.depth == 0 && !self.is_conditional {
            self.inline.insert(name.clone());
        }
        self.modules.insert(name);
        self.depth += 1;
        self.modules_around += 1;
        // A module sees no variables, while for rustc other items capture those around them.
        let scope = std::mem::take(&mut self.scope);
        visit::visit_item_mod(self, module);
        self.scope = scope;
        self.depth -= 1;
        self.modules_around -= 1;
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        if let syn::Type::Path(ty) = &*item.self_ty
            && let Some(ty) = ty.path.segments.last()
        {
            let functions = item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(&function.sig.ident),
                _ => None,
            });
            let ty = ty.ident.to_string();
            self.associated
                .extend(functions.map(|name| (ty.clone(), name.to_string())));
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        let attribute = function
            .attrs
            .iter()
            .find(|attribute| is_called(attribute, "handler"));
        if let Some(attribute) = attribute.filter(|_| !self.is_conditional) {
            let events = match &attribute.meta {
                Meta::List(list) => events(list.tokens.clone()),
                _ => HashSet::new(),
            };
            self.handlers.push((function.sig.ident.to_string(), events));
        }
        self.functions.insert(function.sig.ident.to_string());
        // What a function imports or defines is in it alone.
        self.depth += 1;
        self.within(&parameters(&function.sig), |parsed| {
            visit::visit_item_fn(parsed, function);
        });
        self.depth -= 1;
    }

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let outside = self.is_conditional;
        self.is_conditional |= match statement {
            Stmt::Local(local) => !local.attrs.is_empty(),
            Stmt::Macro(item) => !item.attrs.is_empty(),
            Stmt::Item(_) => false,
            // The attributes of an expression are in its many kinds.
            Stmt::Expr(expression, _) => {
                let tokens = quote::ToTokens::to_token_stream(expression);
                let first = tokens.into_iter().next();
                first.is_some_and(|first| first.to_string() == "#")
            }
        };
        visit::visit_stmt(self, statement);
        if let Stmt::Local(local) = statement
            && local.attrs.is_empty()
        {
            self.bind(&local.pat);
        }
        self.is_conditional = outside;
    }

    fn visit_macro(&mut self, item: &'a Macro) {
        let name = item.path.segments.last().map(|last| last.ident.to_string());
        let name = name.unwrap_or_default();
        if !DEFINE_NOTHING.contains(&name.as_str()) {
            self.words(item.tokens.clone());
            self.defines_unseen = true;
        } else if name == "flow" && !self.is_conditional {
            self.flow(item.tokens.clone());
        }
        if name == "flow" {
            self.variables(item.tokens.clone());
        }
    }
}

/// The patterns of the parameters.
fn parameters(function: &Signature) -> Vec<&Pat> {
    let parameters = function.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(&*typed.pat),
        FnArg::Receiver(_) => None,
    });
    parameters.collect()
}

/// The patterns of the `let`s in a condition.
fn conditions(condition: &Expr) -> Vec<&Pat> {
    match condition {
        Expr::Let(of) => vec![&of.pat],
        Expr::Binary(of) => [conditions(&of.left), conditions(&of.right)].concat(),
        _ => Vec::new(),
    }
}
