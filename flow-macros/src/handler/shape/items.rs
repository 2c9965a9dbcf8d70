//! The items of a block, which names in it may stand for.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Block, Ident, Item, ItemUse, Stmt, UseTree};

use crate::handler::shape::words;

/// The items of a block.
#[derive(Clone, Default)]
pub(super) struct Items {
    all: Vec<Item>,
    /// There may be more, from `use a::*` or from a macro in place of an item.
    pub(super) are_more: bool,
    /// There may be more from a macro in place of a statement.
    pub(super) calls_macros: bool,
}

/// What a block says of a name.
pub(super) enum Local {
    Nothing,
    Imported(TokenStream),
    Unknown,
}

impl Items {
    pub(super) fn of(block: &Block) -> Self {
        let mut items = Self::default();
        for stmt in &block.stmts {
            match stmt {
                Stmt::Item(item) => {
                    items.are_more |= match item {
                        Item::Macro(called) => called.ident.is_none(),
                        Item::Use(used) => has_glob(&used.tree),
                        Item::Verbatim(_) => true,
                        _ => false,
                    };
                    items.all.push(item.clone());
                }
                Stmt::Macro(called) => {
                    items.calls_macros |= words::Kind::of(&called.mac.path).is_none();
                }
                Stmt::Local(_) | Stmt::Expr(..) => {}
            }
        }
        items
    }

    pub(super) fn find(&self, name: &Ident) -> Local {
        for item in &self.all {
            let found = match item {
                Item::Use(used) => match leaf(&used.tree, name) {
                    Local::Nothing => None,
                    Local::Imported(tree) if used.attrs.is_empty() => {
                        let ItemUse { leading_colon, .. } = used;
                        Some(Local::Imported(quote!(use #leading_colon #tree;)))
                    }
                    Local::Imported(_) | Local::Unknown => Some(Local::Unknown),
                },
                Item::Type(alias) if alias.ident == *name => Some(if alias.attrs.is_empty() {
                    Local::Imported(alias.to_token_stream())
                } else {
                    Local::Unknown
                }),
                Item::Const(item) if item.ident == *name => Some(Local::Unknown),
                Item::Enum(item) if item.ident == *name => Some(Local::Unknown),
                Item::Fn(item) if item.sig.ident == *name => Some(Local::Unknown),
                Item::Mod(item) if item.ident == *name => Some(Local::Unknown),
                Item::Static(item) if item.ident == *name => Some(Local::Unknown),
                Item::Struct(item) if item.ident == *name => Some(Local::Unknown),
                Item::Union(item) if item.ident == *name => Some(Local::Unknown),
                _ => None,
            };
            if let Some(found) = found {
                return found;
            }
        }
        Local::Nothing
    }
}

fn has_glob(tree: &UseTree) -> bool {
    match tree {
        UseTree::Path(path) => has_glob(&path.tree),
        UseTree::Group(group) => group.items.iter().any(has_glob),
        UseTree::Glob(_) => true,
        UseTree::Name(_) | UseTree::Rename(_) => false,
    }
}

/// The part of a `use` that imports the name, if there is one.
fn leaf(tree: &UseTree, name: &Ident) -> Local {
    match tree {
        UseTree::Path(path) => {
            let (prefix, inner) = (&path.ident, &path.tree);
            if prefix == name && words::any(&inner.to_token_stream(), &|word| word == "self") {
                return Local::Unknown;
            }
            match leaf(inner, name) {
                Local::Imported(inner) => Local::Imported(quote!(#prefix::#inner)),
                other => other,
            }
        }
        UseTree::Group(group) => {
            let all = group.items.iter().map(|tree| leaf(tree, name));
            let mut found = all.filter(|found| !matches!(found, Local::Nothing));
            found.next().unwrap_or(Local::Nothing)
        }
        UseTree::Name(leaf) if leaf.ident == *name => Local::Imported(leaf.to_token_stream()),
        UseTree::Rename(leaf) if leaf.rename == *name => {
            if leaf.ident == "self" {
                Local::Unknown
            } else {
                Local::Imported(leaf.to_token_stream())
            }
        }
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => Local::Nothing,
    }
}
