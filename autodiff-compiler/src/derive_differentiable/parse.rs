//! What a struct looks like to the derivation: its fields, which of them are active, and its options.

use proc_macro2::Ident;
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::visit_mut::{VisitMut, visit_path_mut};
use syn::{
    Attribute, Data, DeriveInput, Expr, Fields, Generics, Member, Meta, Path, Token, Type,
    Visibility, parse_quote,
};

use crate::diagnostics::{self, Errors};
use crate::parse;

/// A struct whose tangent is to be written.
pub(super) struct Structure {
    pub(super) ident: Ident,
    /// The name of the tangent.
    pub(super) tangent: Ident,
    pub(super) visibility: Visibility,
    pub(super) generics: Generics,
    pub(super) style: Style,
    pub(super) fields: Vec<Field>,
    pub(super) options: Options,
}

/// How the fields are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Named,
    Tuple,
    Unit,
}

/// A field, with its type in words that mean the same outside of the struct.
pub(super) struct Field {
    pub(super) member: Member,
    pub(super) visibility: Visibility,
    pub(super) ty: Type,
    /// Whether the field has a tangent other than `()`, as far as the syntax shows.
    pub(super) active: bool,
}

/// The options of `#[differentiable(…)]` on a struct.
pub(super) struct Options {
    /// `crate = path`.
    pub(super) facade: Path,
    /// `default`: the tangent is `Default`.
    pub(super) default: bool,
    /// `copy`: the tangent is `Copy`.
    pub(super) copy: bool,
    /// `tangent = Name`.
    tangent: Option<Ident>,
}

/// Reads a struct. Of anything else nothing is read but an error.
pub(super) fn structure(item: &DeriveInput, errors: &Errors) -> Option<Structure> {
    let options = options(item, errors);
    let fields = match &item.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            errors.at(data.enum_token, &diagnostics::DERIVE_ENUM);
            return None;
        }
        Data::Union(data) => {
            errors.at(data.union_token, &diagnostics::DERIVE_UNION);
            return None;
        }
    };
    let style = match fields {
        Fields::Named(_) => Style::Named,
        Fields::Unnamed(_) => Style::Tuple,
        Fields::Unit => Style::Unit,
    };
    let (_, arguments, _) = item.generics.split_for_impl();
    let ident = &item.ident;
    let mut outside = OutsideOfTheStruct {
        itself: parse_quote!(#ident #arguments),
    };
    let mut generics = item.generics.clone();
    outside.visit_generics_mut(&mut generics);
    let fields = fields.members().zip(fields).map(|(member, field)| {
        let mut ty = field.ty.clone();
        outside.visit_type_mut(&mut ty);
        Field {
            member,
            visibility: field.vis.clone(),
            active: !has_no_derivative(&field.attrs, errors) && !parse::is_inactive(&field.ty),
            ty,
        }
    });
    let fields = fields.collect();
    let tangent = options.tangent.clone();
    let tangent = tangent.unwrap_or_else(|| format_ident!("{}Tangent", item.ident.unraw()));
    Some(Structure {
        ident: item.ident.clone(),
        tangent,
        visibility: item.vis.clone(),
        generics,
        style,
        fields,
        options,
    })
}

/// Replaces `Self`, which means another type in the tangent.
struct OutsideOfTheStruct {
    itself: Path,
}

impl VisitMut for OutsideOfTheStruct {
    fn visit_path_mut(&mut self, path: &mut Path) {
        if path.is_ident("Self") {
            *path = self.itself.clone();
        } else {
            visit_path_mut(self, path);
        }
    }
}

/// Whether a field is marked `#[no_derivative]`.
fn has_no_derivative(attributes: &[Attribute], errors: &Errors) -> bool {
    let mut found = false;
    for attribute in attributes {
        if attribute.path().is_ident("no_derivative") {
            found = true;
            if !matches!(attribute.meta, Meta::Path(_)) {
                errors.at(attribute, &diagnostics::NO_DERIVATIVE);
            }
        } else if attribute.path().is_ident("differentiable") {
            errors.at(attribute, &diagnostics::DERIVE_OPTION);
        }
    }
    found
}

fn options(item: &DeriveInput, errors: &Errors) -> Options {
    let mut options = Options {
        facade: parse_quote!(::autodiff),
        default: false,
        copy: false,
        tangent: None,
    };
    for attribute in &item.attrs {
        if attribute.path().is_ident("no_derivative") {
            errors.at(attribute, &diagnostics::NO_DERIVATIVE);
        }
        if !attribute.path().is_ident("differentiable") {
            continue;
        }
        let metas = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        match metas {
            Ok(metas) => {
                for meta in metas {
                    option(&mut options, &meta, errors);
                }
            }
            Err(_) => errors.at(attribute, &diagnostics::DERIVE_OPTION),
        }
    }
    options
}

fn option(options: &mut Options, meta: &Meta, errors: &Errors) {
    let name = meta.path().to_token_stream().to_string();
    match (name.as_str(), meta) {
        ("default", Meta::Path(_)) => options.default = true,
        ("copy", Meta::Path(_)) => options.copy = true,
        ("crate", Meta::NameValue(pair)) if let Expr::Path(path) = &pair.value => {
            options.facade = path.path.clone();
        }
        ("tangent", Meta::NameValue(pair))
            if let Expr::Path(path) = &pair.value
                && let Some(name) = path.path.get_ident() =>
        {
            options.tangent = Some(name.clone());
        }
        _ => errors.at(meta, &diagnostics::DERIVE_OPTION),
    }
}
