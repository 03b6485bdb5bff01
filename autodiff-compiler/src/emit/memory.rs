//! Memory: declared, filled, copied, added up, handed back.

use rustc_hash::FxHashSet as HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::body::Body;
use super::pending::Taken;
use super::{shape, types};
use crate::ir::{
    Access, Function, Init, InitTree, MemoryId, Operand, Origin, Output, Place, RepeatCount, Stmt,
    Type,
};

/// The memories that a function writes to after they are made.
pub(super) fn written(function: &Function) -> HashSet<MemoryId> {
    accessed(&function.body.stmts, |access| {
        matches!(access, Access::Write | Access::Update)
    })
}

/// The memories that a function moves into another one.
pub(super) fn moved(function: &Function) -> HashSet<MemoryId> {
    accessed(&function.body.stmts, |access| access == Access::Moved)
}

/// The memories that statements or an output mention.
pub(super) fn mentioned(stmts: &[Stmt], output: &Output) -> HashSet<MemoryId> {
    let mut found = accessed(stmts, |_| true);
    output.visit_memories(&mut |memory| {
        found.insert(*memory);
    });
    found
}

fn accessed(stmts: &[Stmt], counts: impl Fn(Access) -> bool + Copy) -> HashSet<MemoryId> {
    let mut found = HashSet::default();
    for stmt in stmts {
        stmt.visit_memories(&mut |memory, access| {
            if counts(access) {
                found.insert(*memory);
            }
        });
        stmt.for_each_block(&mut |block| found.extend(accessed(&block.stmts, counts)));
    }
    found
}

/// Whether a type is an array whose elements are made one by one, which does not show how many they are.
fn is_array_of_others(ty: &Type) -> bool {
    matches!(ty, Type::Array(..)) && !shape::is_copy(ty)
}

/// The type of a place.
pub(super) fn place_type(function: &Function, place: &Place) -> Type {
    crate::ir::place_type(function, place).expect("places follow types")
}

impl<'a> Body<'a> {
    /// Whether the variable of a memory is a reference to it.
    pub(super) fn is_reference(&self, memory: MemoryId) -> bool {
        matches!(
            self.function.memories[memory].origin,
            Origin::Shared | Origin::Mutable
        )
    }

    pub(super) fn allocate(&mut self, stmt: &'a Stmt, memory: MemoryId, init: &'a Init) {
        for operand in init.operands() {
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
        let lanes = self.context.lanes.as_ref().filter(|_| info.lanes);
        let ty = match init {
            Init::CopyOf(_) => None,
            Init::ZerosLike(_) if !is_array_of_others(&info.ty) => None,
            Init::Tree(InitTree::Repeat(..)) if lanes.is_some() => None,
            _ => {
                let ty = types::place(&self.context.private, &info.ty, lanes);
                Some(quote!(: #ty))
            }
        };
        self.write(quote!(let #mutable #ident #ty = #content;));
        self.memories.insert(memory, ident);
    }

    /// The content of a buffer from the workspace, for a memory that may take one.
    fn borrowed_buffer(&self, memory: MemoryId, init: &Init, taken: &Taken) -> Option<TokenStream> {
        let (info, private) = (&self.function.memories[memory], &self.context.private);
        let workspace = self
            .context
            .workspace
            .as_ref()
            .filter(|_| self.is_borrowed(memory))?;
        let element = info.ty.element()?;
        match init {
            Init::ZerosLike(place) => {
                let zero = self.zero(element, info.lanes);
                let place = self
                    .receiver(place, taken)
                    .at(super::expression::Level::Postfix);
                Some(quote!(#private::filled(#workspace, #zero, #place.len())))
            }
            Init::CopyOf(place) => {
                let place = self.place(place, taken).at(super::expression::Level::Unary);
                Some(quote!(#private::copied(#workspace, &#place)))
            }
            Init::Tree(InitTree::Repeat(value, RepeatCount::Dynamic(count))) => {
                let value = self.tree(element, info.lanes, value, taken);
                let count = self.operand(count, taken);
                let count = count.tokens();
                Some(quote!(#private::filled(#workspace, #value, #count)))
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
            Init::ZerosLike(place) => self.zeros_like(ty, lanes, place, taken),
            Init::Default => self.zero(ty, lanes),
        }
    }

    /// Appends to a `Vec`.
    pub(super) fn push(&mut self, to: &Place, value: &InitTree, taken: &Taken) {
        let ty = place_type(self.function, to);
        let element = ty.element().unwrap_or(&ty);
        let lanes = self.function.memories[to.memory].lanes;
        let value = self.tree(element, lanes, value, taken);
        let to = self
            .receiver(to, taken)
            .at(super::expression::Level::Postfix);
        self.write(quote!(#to.push(#value);));
    }

    /// Changes the length of a `Vec`.
    pub(super) fn resize(&mut self, place: &Place, length: &Operand, grows: bool, taken: &Taken) {
        let ty = place_type(self.function, place);
        let element = ty.element().unwrap_or(&ty);
        let zero = self.zero(element, self.function.memories[place.memory].lanes);
        let length = self.operand(length, taken);
        let length = length.tokens();
        let place = self
            .receiver(place, taken)
            .at(super::expression::Level::Postfix);
        self.write(match (grows, shape::is_copy(element)) {
            (false, _) => quote!(#place.truncate(#length);),
            (true, true) => quote!(#place.resize(#length, #zero);),
            (true, false) => quote!(#place.resize_with(#length, || #zero);),
        });
    }

    fn tree(&self, ty: &Type, lanes: bool, tree: &InitTree, taken: &Taken) -> TokenStream {
        let private = &self.context.private;
        let vec = if let Type::Vec(_) = ty {
            quote!(#private::vec!)
        } else {
            quote!()
        };
        let element = ty.element().unwrap_or(ty);
        match tree {
            InitTree::Scalar(operand) => {
                let lanes = lanes && ty.has_float();
                self.whole(&self.operand(operand, taken), lanes)
            }
            InitTree::CopyOf(place) => self.copy_of(place, taken),
            InitTree::ZerosLike(place) => self.zeros_like(ty, lanes, place, taken),
            InitTree::List(parts) => {
                let parts = parts
                    .iter()
                    .map(|part| self.tree(element, lanes, part, taken));
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
            InitTree::Tuple(parts) if let Type::Struct(found) = ty => {
                let values = parts.iter().zip(&found.types);
                let values: Vec<TokenStream> = values
                    .map(|(part, ty)| self.tree(ty, lanes, part, taken))
                    .collect();
                super::fields::literal(found, &values)
            }
            InitTree::Tuple(parts) => {
                let types: &[Type] = if let Type::Tuple(types) = ty {
                    types
                } else {
                    &[]
                };
                let parts = parts
                    .iter()
                    .zip(types)
                    .map(|(part, ty)| self.tree(ty, lanes, part, taken));
                quote!((#(#parts,)*))
            }
        }
    }

    /// A copy of what a place holds.
    pub(super) fn copy_of(&self, place: &Place, taken: &Taken) -> TokenStream {
        use super::expression::Level;
        let expression = self.place(place, taken);
        let private = &self.context.private;
        match place_type(self.function, place) {
            Type::Slice(_) => {
                let tokens = expression.at(Level::Unary);
                quote!(#private::to_vec(&#tokens))
            }
            ty if shape::is_copy(&ty) => expression.tokens().clone(),
            _ => {
                let tokens = expression.at(Level::Unary);
                quote!(#private::Clone::clone(&#tokens))
            }
        }
    }

    fn zero(&self, ty: &Type, lanes: bool) -> TokenStream {
        shape::zero(
            &self.context.private,
            ty,
            self.context.lanes.as_ref().filter(|_| lanes),
        )
    }

    fn zeros_like(&self, ty: &Type, lanes: bool, place: &Place, taken: &Taken) -> TokenStream {
        let like = place_type(self.function, place);
        let tokens = match like {
            Type::Struct(_) => self.place(place, taken),
            _ => self.receiver(place, taken),
        };
        shape::zeros_like(
            &self.context.private,
            &mut self.names.clone(),
            (ty, shape::Like::of(&like)),
            self.context.lanes.as_ref().filter(|_| lanes),
            &tokens.at(super::expression::Level::Postfix),
        )
    }

    pub(super) fn copy(&mut self, to: &Place, from: &Place, taken: &Taken) {
        use super::expression::Level;
        let target = self.place_tokens(to, taken);
        let (ty, private) = (place_type(self.function, to), &self.context.private);
        let tokens = match ty {
            Type::Slice(_) => {
                let (target, from) = (
                    self.receiver(to, taken).at(Level::Postfix),
                    self.place(from, taken).at(Level::Unary),
                );
                quote!(#target.copy_from_slice(&#from);)
            }
            ty if shape::is_copy(&ty) => {
                let from = self.place_tokens(from, taken);
                quote!(#target = #from;)
            }
            _ if to.memory == from.memory => {
                let from = self.place(from, taken).at(Level::Unary);
                quote!(#target = #private::Clone::clone(&#from);)
            }
            _ => {
                let (target, from) = (
                    self.place(to, taken).at(Level::Unary),
                    self.place(from, taken).at(Level::Unary),
                );
                quote!(#private::Clone::clone_from(&mut #target, &#from);)
            }
        };
        self.write(tokens);
    }

    pub(super) fn accumulate_all(&mut self, to: &Place, from: &Place, taken: &Taken) {
        use super::expression::Level;
        let ty = place_type(self.function, to);
        let target = self.place(to, taken);
        let mut source = self.place(from, taken);
        if to.memory == from.memory {
            let copy = self.copy_of(from, taken);
            let kept = self.names.fresh("part");
            self.write(quote!(let #kept = #copy;));
            source = super::expression::Expression::name(&kept);
        }
        let tokens = shape::add_up(
            &self.context.private,
            &mut self.names,
            &ty,
            &target.at(Level::Unary),
            &source.at(Level::Unary),
        );
        self.write(tokens);
    }

    pub(super) fn clear(&mut self, place: &Place, taken: &Taken) {
        let lanes = self
            .context
            .lanes
            .as_ref()
            .filter(|_| self.function.memories[place.memory].lanes);
        let ty = place_type(self.function, place);
        let target = match ty {
            Type::Scalar(_) | Type::Struct(_) => self.place_tokens(place, taken),
            _ => self
                .receiver(place, taken)
                .at(super::expression::Level::Postfix),
        };
        let tokens = shape::clear(&self.context.private, &mut self.names, &ty, lanes, &target);
        self.write(tokens);
    }

    pub(super) fn check_shape(&mut self, name: &str, primal: &Place, other: &Place, taken: &Taken) {
        let ty = place_type(self.function, primal);
        let (primal, other) = (
            self.place_whole(primal, taken),
            self.place_whole(other, taken),
        );
        let tokens = shape::check(
            &self.context.private,
            &mut self.names,
            name,
            &ty,
            &primal,
            &other,
        );
        self.write(tokens);
    }

    fn place_whole(&self, place: &Place, taken: &Taken) -> TokenStream {
        self.receiver(place, taken)
            .at(super::expression::Level::Postfix)
    }

    /// What a function returns; nothing for `()`. `needed` are memories that something still reads afterwards.
    pub(super) fn output(
        &self,
        output: &Output,
        taken: &Taken,
        needed: &HashSet<MemoryId>,
    ) -> TokenStream {
        match output {
            Output::Unit => quote!(),
            Output::Scalar(operand) => {
                self.whole(&self.operand(operand, taken), self.is_lanes(operand))
            }
            Output::Memory(memory) => {
                let place = Place {
                    memory: *memory,
                    path: Vec::new(),
                };
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
                if let [one] = &parts[..] {
                    quote!((#one,))
                } else {
                    quote!((#(#parts),*))
                }
            }
        }
    }

    fn is_lanes(&self, operand: &crate::ir::Operand) -> bool {
        matches!(operand, crate::ir::Operand::Value(value) if self.function.values[*value].lanes)
    }
}
