//! Memory: declared, filled, copied, added up, handed back.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::body::{Body, Taken};
use super::{literal, operands, types};
use crate::ir::{
    Block, Function, Init, InitTree, MemoryId, Origin, Output, Place, Projection, RepeatCount, ScalarType, Stmt, Type,
};

/// The memories that a function writes to after they are made.
pub(super) fn written(function: &Function) -> HashSet<MemoryId> {
    fn visit(block: &Block, found: &mut HashSet<MemoryId>) {
        for stmt in &block.stmts {
            match stmt {
                Stmt::Store { place, .. } | Stmt::Accumulate { place, .. } | Stmt::Clear { place } => {
                    found.insert(place.memory);
                }
                Stmt::Copy { to, .. } | Stmt::AccumulateAll { to, .. } => {
                    found.insert(to.memory);
                }
                Stmt::Move { to, .. } => {
                    found.insert(*to);
                }
                _ => {}
            }
            for inner in operands::blocks(stmt) {
                visit(inner, found);
            }
        }
    }
    let mut found = HashSet::new();
    visit(&function.body, &mut found);
    found
}

/// The memories that a function moves into another one.
pub(super) fn moved(function: &Function) -> HashSet<MemoryId> {
    fn visit(block: &Block, found: &mut HashSet<MemoryId>) {
        for stmt in &block.stmts {
            if let Stmt::Move { from, .. } = stmt {
                found.insert(*from);
            }
            operands::blocks(stmt).into_iter().for_each(|inner| visit(inner, found));
        }
    }
    let mut found = HashSet::new();
    visit(&function.body, &mut found);
    found
}

/// The memories that statements or an output mention.
pub(super) fn mentioned(stmts: &[Stmt], output: &Output) -> HashSet<MemoryId> {
    fn of_output(output: &Output, found: &mut HashSet<MemoryId>) {
        match output {
            Output::Memory(memory) => drop(found.insert(*memory)),
            Output::Tuple(parts) => parts.iter().for_each(|part| of_output(part, found)),
            Output::Unit | Output::Scalar(_) => {}
        }
    }
    let mut found = HashSet::new();
    for stmt in stmts {
        found.extend(operands::places(stmt).into_iter().map(|place| place.memory));
        for inner in operands::blocks(stmt) {
            found.extend(mentioned(&inner.stmts, &Output::Unit));
        }
    }
    of_output(output, &mut found);
    found
}

/// The type of a place.
pub(super) fn place_type<'a>(function: &'a Function, place: &Place) -> &'a Type {
    let mut ty = &function.memories[place.memory].ty;
    for step in &place.path {
        ty = match (step, ty) {
            (Projection::Field(position), Type::Tuple(parts)) => &parts[*position],
            (_, ty) => ty.element().unwrap_or(ty),
        };
    }
    ty
}

impl<'a> Body<'a> {
    /// Whether the variable of a memory is a reference to it.
    pub(super) fn is_reference(&self, memory: MemoryId) -> bool {
        matches!(self.function.memories[memory].origin, Origin::Shared | Origin::Mutable)
    }

    pub(super) fn allocate(&mut self, stmt: &'a Stmt, memory: MemoryId, init: &'a Init) {
        for operand in operands::of_init(init) {
            self.pin(operand, |_, effects| !effects.panics && !effects.opaque);
        }
        let taken = self.take_for(stmt);
        let info = &self.function.memories[memory];
        let content = match self.borrowed_buffer(memory, init, &taken) {
            Some(content) => content,
            None => self.content(&info.ty, info.lanes, init, &taken),
        };
        let ident = self.names.fresh(&info.name);
        let mutable = self.written.contains(&memory).then(|| quote!(mut));
        // The type can be left out where the content shows it.
        let ty = match init {
            Init::CopyOf(_) | Init::ZerosLike(_) => None,
            _ => {
                let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
                let ty = types::place(&self.context.facade, &info.ty, lanes);
                Some(quote!(: #ty))
            }
        };
        self.write(quote!(let #mutable #ident #ty = #content;));
        self.memories.insert(memory, ident);
    }

    /// The content of a buffer from the workspace, for a memory that may take one.
    fn borrowed_buffer(&self, memory: MemoryId, init: &Init, taken: &Taken) -> Option<TokenStream> {
        let info = &self.function.memories[memory];
        let workspace = self.context.workspace.as_ref().filter(|_| self.is_borrowed(memory))?;
        let element = info.ty.element()?;
        match init {
            Init::ZerosLike(place) => {
                let zero = self.zero(element, info.lanes);
                let place = self.place(place, taken).at(super::expression::Level::Postfix);
                Some(quote!(#workspace.filled(#zero, #place.len())))
            }
            Init::CopyOf(place) => {
                let place = self.place(place, taken).at(super::expression::Level::Unary);
                Some(quote!(#workspace.copied(&#place)))
            }
            Init::Tree(InitTree::Repeat(value, RepeatCount::Dynamic(count))) => {
                let value = self.tree(element, info.lanes, value, taken);
                let count = self.operand(count, taken);
                let count = count.tokens();
                Some(quote!(#workspace.filled(#value, #count)))
            }
            Init::Default | Init::Tree(_) => None,
        }
    }

    /// Whether a memory's buffer comes from the workspace and goes back there.
    pub(super) fn is_borrowed(&self, memory: MemoryId) -> bool {
        let info = &self.function.memories[memory];
        let flat = matches!(&info.ty, Type::Vec(element) if matches!(**element, Type::Scalar(_)));
        self.context.workspace.is_some() && info.origin == Origin::Scratch && flat
    }

    fn content(&self, ty: &Type, lanes: bool, init: &Init, taken: &Taken) -> TokenStream {
        match init {
            Init::Tree(tree) => self.tree(ty, lanes, tree, taken),
            Init::CopyOf(place) => self.copy_of(place, taken),
            Init::ZerosLike(place) => {
                let tokens = self.place(place, taken).at(super::expression::Level::Postfix);
                self.zeros_like(ty, lanes, &tokens)
            }
            Init::Default => self.zero(ty, lanes),
        }
    }

    fn tree(&self, ty: &Type, lanes: bool, tree: &InitTree, taken: &Taken) -> TokenStream {
        let facade = &self.context.facade;
        let vec = if let Type::Vec(_) = ty { quote!(#facade::__private::vec!) } else { quote!() };
        let element = ty.element().unwrap_or(ty);
        match tree {
            InitTree::Scalar(operand) => {
                let lanes = lanes && ty.has_float();
                self.whole(&self.operand(operand, taken), lanes)
            }
            InitTree::CopyOf(place) => self.copy_of(place, taken),
            InitTree::List(parts) => {
                let parts = parts.iter().map(|part| self.tree(element, lanes, part, taken));
                quote!(#vec [#(#parts),*])
            }
            InitTree::Repeat(value, count) => {
                let value = self.tree(element, lanes, value, taken);
                let count = match count {
                    RepeatCount::Fixed(length) => types::length(length),
                    RepeatCount::Dynamic(operand) => self.operand(operand, taken).tokens().clone(),
                };
                quote!(#vec [#value; #count])
            }
            InitTree::Tuple(parts) => {
                let types: &[Type] = if let Type::Tuple(types) = ty { types } else { &[] };
                let parts = parts.iter().zip(types).map(|(part, ty)| self.tree(ty, lanes, part, taken));
                quote!((#(#parts,)*))
            }
        }
    }

    /// A copy of what a place holds.
    fn copy_of(&self, place: &Place, taken: &Taken) -> TokenStream {
        use super::expression::Level;
        let expression = self.place(place, taken);
        match place_type(self.function, place) {
            Type::Slice(_) => {
                let tokens = expression.at(Level::Unary);
                let facade = &self.context.facade;
                quote!(#facade::__private::Vec::from(&#tokens))
            }
            ty if is_copy(ty) => expression.whole().unwrap_or(expression.tokens()).clone(),
            _ => {
                let tokens = expression.at(Level::Unary);
                quote!(::core::clone::Clone::clone(&#tokens))
            }
        }
    }

    /// The neutral content of a type: zeros, `false`, an empty `Vec`.
    fn zero(&self, ty: &Type, lanes: bool) -> TokenStream {
        let facade = &self.context.facade;
        match ty {
            Type::Scalar(scalar) => {
                let zero = literal::zero(facade, scalar);
                match &self.context.lanes {
                    Some(count) if lanes && scalar.is_float() => quote!([#zero; #count]),
                    _ => zero,
                }
            }
            Type::Array(element, length) if is_copy(element) => {
                let (zero, length) = (self.zero(element, lanes), types::length(length));
                quote!([#zero; #length])
            }
            Type::Array(element, _) => {
                let zero = self.zero(element, lanes);
                quote!(::core::array::from_fn(|_| #zero))
            }
            Type::Slice(_) | Type::Vec(_) => quote!(#facade::__private::Vec::new()),
            Type::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.zero(part, lanes));
                quote!((#(#parts,)*))
            }
        }
    }

    /// The neutral content of a type in the shape of `like`.
    fn zeros_like(&self, ty: &Type, lanes: bool, like: &TokenStream) -> TokenStream {
        let facade = &self.context.facade;
        match ty {
            _ if is_copy(ty) => self.zero(ty, lanes),
            Type::Vec(element) if is_copy(element) => {
                let zero = self.zero(element, lanes);
                quote!(#facade::__private::vec![#zero; #like.len()])
            }
            Type::Vec(element) => {
                let inner = self.zeros_like(element, lanes, &quote!(part));
                quote!(#facade::__private::map(&#like, |part| #inner))
            }
            Type::Array(element, _) => {
                let inner = self.zeros_like(element, lanes, &quote!(#like[i]));
                quote!(::core::array::from_fn(|i| #inner))
            }
            Type::Tuple(parts) => {
                let parts = parts.iter().enumerate().map(|(i, part)| {
                    let field = syn::Index::from(i);
                    self.zeros_like(part, lanes, &quote!(#like.#field))
                });
                quote!((#(#parts,)*))
            }
            Type::Scalar(_) | Type::Slice(_) => self.zero(ty, lanes),
        }
    }

    pub(super) fn copy(&mut self, to: &Place, from: &Place, taken: &Taken) {
        use super::expression::Level;
        let target = self.place_tokens(to, taken);
        let ty = place_type(self.function, to);
        let tokens = match ty {
            Type::Slice(_) => {
                let (target, from) = (self.place(to, taken).at(Level::Postfix), self.place(from, taken).at(Level::Unary));
                quote!(#target.copy_from_slice(&#from);)
            }
            ty if is_copy(ty) => {
                let from = self.place_tokens(from, taken);
                quote!(#target = #from;)
            }
            _ if to.memory == from.memory => {
                let from = self.place(from, taken).at(Level::Unary);
                quote!(#target = ::core::clone::Clone::clone(&#from);)
            }
            _ => {
                let (target, from) = (self.place(to, taken).at(Level::Unary), self.place(from, taken).at(Level::Unary));
                quote!(::core::clone::Clone::clone_from(&mut #target, &#from);)
            }
        };
        self.write(tokens);
    }

    pub(super) fn accumulate_all(&mut self, to: &Place, from: &Place, taken: &Taken) {
        use super::expression::Level;
        let lanes = self.function.memories[to.memory].lanes;
        let ty = place_type(self.function, to);
        let target = self.place(to, taken);
        let mut source = self.place(from, taken);
        if to.memory == from.memory {
            let copy = self.copy_of(from, taken);
            let kept = self.names.fresh("part");
            self.write(quote!(let #kept = #copy;));
            source = super::expression::Expression::name(&kept);
        }
        let tokens = self.add_up(ty, lanes, &target.at(Level::Unary), &source.at(Level::Unary));
        self.write(tokens);
    }

    /// Statements that add every float of `from` to its twin in `to`; both are places.
    fn add_up(&mut self, ty: &Type, lanes: bool, to: &TokenStream, from: &TokenStream) -> TokenStream {
        match ty {
            Type::Scalar(scalar) if scalar.is_float() && lanes => self.add_up_elements(None, to, from),
            Type::Scalar(scalar) if scalar.is_float() => quote!(#to += #from;),
            Type::Scalar(_) => quote!(),
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) if element.has_float() => {
                self.add_up_elements(Some((element, lanes)), to, from)
            }
            Type::Array(..) | Type::Slice(_) | Type::Vec(_) => quote!(),
            Type::Tuple(parts) => parts
                .iter()
                .enumerate()
                .map(|(i, part)| {
                    let field = syn::Index::from(i);
                    self.add_up(part, lanes, &quote!((#to).#field), &quote!((#from).#field))
                })
                .collect(),
        }
    }

    /// The same for the elements of an array or its like, or for the lanes of one vector of tangents.
    fn add_up_elements(&mut self, inner: Option<(&Type, bool)>, to: &TokenStream, from: &TokenStream) -> TokenStream {
        self.names.enter();
        let (a, b) = (self.names.fresh("to"), self.names.fresh("from"));
        let body = match inner {
            Some((element, lanes)) => self.add_up(element, lanes, &quote!(*#a), &quote!(*#b)),
            None => quote!(*#a += *#b;),
        };
        self.names.leave();
        quote!(for (#a, #b) in ::core::iter::zip(&mut #to, &#from) { #body })
    }

    pub(super) fn clear(&mut self, place: &Place, taken: &Taken) {
        let lanes = self.function.memories[place.memory].lanes;
        let ty = place_type(self.function, place);
        let target = self.place(place, taken).at(super::expression::Level::Postfix);
        let tokens = self.clear_place(ty, lanes, &target);
        self.write(tokens);
    }

    /// Statements that set every float of a place to zero.
    fn clear_place(&mut self, ty: &Type, lanes: bool, place: &TokenStream) -> TokenStream {
        match ty {
            _ if !ty.has_float() => quote!(),
            Type::Scalar(_) => {
                let zero = self.zero(ty, lanes);
                quote!(#place = #zero;)
            }
            Type::Array(element, _) | Type::Slice(element) | Type::Vec(element) => {
                if let Type::Scalar(_) = **element {
                    let zero = self.zero(element, lanes);
                    return quote!(#place.fill(#zero););
                }
                self.names.enter();
                let part = self.names.fresh("part");
                let body = self.clear_place(element, lanes, &quote!((*#part)));
                self.names.leave();
                quote!(for #part in &mut #place { #body })
            }
            Type::Tuple(parts) => parts
                .iter()
                .enumerate()
                .map(|(i, part)| {
                    let field = syn::Index::from(i);
                    self.clear_place(part, lanes, &quote!(#place.#field))
                })
                .collect(),
        }
    }

    /// What a function returns; nothing for `()`. `needed` are memories that something still reads afterwards.
    pub(super) fn output(&self, output: &Output, taken: &Taken, needed: &HashSet<MemoryId>) -> TokenStream {
        match output {
            Output::Unit => quote!(),
            Output::Scalar(operand) => self.whole(&self.operand(operand, taken), self.is_lanes(operand)),
            Output::Memory(memory) => {
                let place = Place { memory: *memory, path: Vec::new() };
                if self.is_reference(*memory) || needed.contains(memory) {
                    self.copy_of(&place, taken)
                } else {
                    let ident = &self.memories[memory];
                    quote!(#ident)
                }
            }
            Output::Tuple(parts) => {
                let parts: Vec<TokenStream> = parts
                    .iter()
                    .map(|part| match part {
                        Output::Unit => quote!(()),
                        part => self.output(part, taken, needed),
                    })
                    .collect();
                if let [one] = &parts[..] { quote!((#one,)) } else { quote!((#(#parts),*)) }
            }
        }
    }

    fn is_lanes(&self, operand: &crate::ir::Operand) -> bool {
        matches!(operand, crate::ir::Operand::Value(value) if self.function.values[*value].lanes)
    }
}

/// Whether values of the type are copied by a mere assignment.
pub(super) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => *scalar != ScalarType::Inferred,
        Type::Array(element, _) => is_copy(element),
        Type::Tuple(parts) => parts.iter().all(is_copy),
        Type::Slice(_) | Type::Vec(_) => false,
    }
}
