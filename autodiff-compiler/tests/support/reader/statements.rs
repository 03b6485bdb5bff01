//! Statements, and what they consist of.

use autodiff_compiler::ir::{
    Argument, BinaryOp, Block, Carried, Comparison, FloatType, For, If, Init, InitTree, Length,
    Literal, Op, Operand, Origin, Place, Prim, Projection, Range, RepeatCount, ScalarType, Stmt,
    TapeInfo, TapeLayout, Template, While,
};

use super::lexer::{Reader, Token};
use super::{code, is_id, scalar_type};

impl Reader {
    pub(super) fn block(&mut self) -> Block {
        let mut block = Block::default();
        loop {
            if matches!(self.peek(), Token::Symbol("}")) {
                return block;
            }
            if self.takes_word("yield") {
                block.yields = self.operands();
            } else {
                let stmt = self.stmt();
                block.stmts.push(stmt);
            }
            self.newline();
        }
    }

    pub(super) fn braced(&mut self) -> Block {
        self.expect("{");
        self.newline();
        let block = self.block();
        self.expect("}");
        block
    }

    pub(super) fn operands(&mut self) -> Vec<Operand> {
        let mut operands = Vec::new();
        while *self.peek() != Token::Newline {
            operands.push(self.operand());
        }
        operands
    }

    pub(super) fn operand(&mut self) -> Operand {
        let sign = if self.takes("-") { "-" } else { "" };
        match self.next() {
            Token::Number(number) => {
                let (text, ty) = match number
                    .rsplit_once('_')
                    .map(|(text, ty)| (text, scalar_type(ty)))
                {
                    Some((
                        text,
                        ty @ (ScalarType::Integer(_) | ScalarType::Float(FloatType::F32)),
                    )) => (text, ty),
                    _ if number.contains(['.', 'e']) => {
                        (number.as_str(), ScalarType::Float(FloatType::F64))
                    }
                    _ => (number.as_str(), ScalarType::USIZE),
                };
                Operand::Literal(Literal {
                    text: format!("{sign}{text}"),
                    ty,
                })
            }
            Token::Word(word) if is_id(&word, 'v') => {
                self.at -= 1;
                Operand::Value(self.value_id())
            }
            Token::Word(word) if word == "true" || word == "false" => Operand::Literal(Literal {
                text: word,
                ty: ScalarType::Bool,
            }),
            Token::Word(mut word) => {
                while self.takes("::") {
                    word = format!("{word}::{}", self.word());
                }
                Operand::Constant(code(&word), ScalarType::USIZE)
            }
            _ => self.fail("an operand"),
        }
    }

    pub(super) fn place(&mut self) -> Place {
        let memory = self.memory_id();
        let mut path = Vec::new();
        loop {
            if self.takes("[") {
                path.push(Projection::Index(self.operand()));
                self.expect("]");
            } else if self.takes(".") {
                path.push(Projection::Field(self.number()));
            } else {
                return Place { memory, path };
            }
        }
    }

    pub(super) fn indices(&mut self) -> Vec<Operand> {
        let mut indices = Vec::new();
        while self.takes("[") {
            indices.push(self.operand());
            self.expect("]");
        }
        indices
    }

    pub(super) fn stmt(&mut self) -> Stmt {
        let word = match self.peek() {
            Token::Word(word) => word.clone(),
            _ => self.fail("a statement"),
        };
        if is_id(&word, 'v') {
            return self.assignment();
        }
        self.at += 1;
        match word.as_str() {
            "store" => {
                let place = self.place();
                self.expect("=");
                Stmt::Store {
                    place,
                    value: self.operand(),
                }
            }
            "accumulate" => {
                let all = self.takes_word("all");
                let to = self.place();
                self.expect("+=");
                if all {
                    Stmt::AccumulateAll {
                        to,
                        from: self.place(),
                    }
                } else {
                    Stmt::Accumulate {
                        place: to,
                        value: self.operand(),
                    }
                }
            }
            "alloc" | "scratch" => {
                let origin = if word == "alloc" {
                    Origin::Local
                } else {
                    Origin::Scratch
                };
                let memory = self.declaration(origin);
                self.expect("=");
                Stmt::Alloc {
                    memory,
                    init: self.init(),
                }
            }
            "copy" => {
                let to = self.place();
                self.expect("=");
                Stmt::Copy {
                    to,
                    from: self.place(),
                }
            }
            "move" => {
                let to = self.memory_id();
                self.expect("=");
                Stmt::Move {
                    to,
                    from: self.memory_id(),
                }
            }
            "clear" => Stmt::Clear {
                place: self.place(),
            },
            "check" if self.takes_word("shape") => {
                assert!(self.takes_word("of"), "a shape of something");
                let name = self.word();
                self.expect(":");
                let primal = self.place();
                assert!(self.takes_word("is"), "a shape is that of another");
                Stmt::CheckShape {
                    name,
                    primal,
                    other: self.place(),
                }
            }
            "check" => Stmt::Check {
                place: self.place(),
            },
            "effect" => Stmt::Effect(self.template()),
            "if" => {
                let condition = self.operand();
                let results = if self.takes("->") {
                    self.expect("(");
                    self.list(")", Self::definition)
                } else {
                    Vec::new()
                };
                let then = self.braced();
                let otherwise = if self.takes_word("else") {
                    self.braced()
                } else {
                    Block::default()
                };
                Stmt::If(If {
                    condition,
                    then,
                    otherwise,
                    results,
                })
            }
            "for" => {
                let index = self.definition();
                assert!(self.takes_word("in"), "a loop runs in a range");
                let low = self.operand();
                let inclusive = self.takes("..=");
                if !inclusive {
                    self.expect("..");
                }
                let high = self.operand();
                let reversed = self.takes_word("rev");
                let stop = self.takes_word("stop").then(|| self.number());
                let carried = self.carried();
                let body = self.braced();
                Stmt::For(For {
                    index,
                    range: Range {
                        low,
                        high,
                        inclusive,
                        reversed,
                    },
                    carried,
                    body,
                    stop,
                })
            }
            "while" => {
                let carried = self.carried();
                let condition = self.braced();
                assert!(self.takes_word("do"), "a loop does something");
                Stmt::While(While {
                    carried,
                    condition,
                    body: self.braced(),
                })
            }
            "turn" => Stmt::Turn,
            "tape" => self.tape(),
            "put" => {
                let tape = self.tape_id();
                let index = self.indices();
                self.expect("=");
                Stmt::TapePut {
                    tape,
                    index,
                    value: self.operand(),
                }
            }
            _ => self.fail("a statement"),
        }
    }

    pub(super) fn tape(&mut self) -> Stmt {
        let tape = self.tape_id();
        let name = self.name();
        self.expect(":");
        let (ty, lanes) = self.scalar_type();
        let layout = if self.takes_word("stack") {
            TapeLayout::Stack
        } else if self.takes_word("rows") {
            TapeLayout::Rows(self.number())
        } else {
            TapeLayout::Buffer(self.indices())
        };
        self.function.tapes[tape] = TapeInfo {
            name,
            ty,
            lanes,
            layout,
        };
        Stmt::TapeAlloc(tape)
    }

    pub(super) fn carried(&mut self) -> Vec<Carried> {
        if !self.takes_word("carried") {
            return Vec::new();
        }
        self.expect("(");
        self.list(")", |this| {
            let parameter = this.definition();
            this.expect("=");
            let initial = this.operand();
            this.expect("->");
            let result = this.value_id();
            this.function.values[result] = this.function.values[parameter].clone();
            Carried {
                parameter,
                initial,
                result,
            }
        })
    }

    pub(super) fn assignment(&mut self) -> Stmt {
        let value = self.definition();
        self.expect("=");
        if self.takes_word("load") {
            return Stmt::Load {
                value,
                place: self.place(),
            };
        }
        if self.takes_word("get") {
            let tape = self.tape_id();
            return Stmt::TapeGet {
                value,
                tape,
                index: self.indices(),
            };
        }
        Stmt::Let {
            value,
            op: self.op(),
        }
    }

    pub(super) fn op(&mut self) -> Op {
        if self.takes("!") {
            return Op::Not(self.operand());
        }
        if matches!(self.peek(), Token::Symbol("-"))
            && !matches!(self.tokens[self.at + 1], Token::Number(_))
        {
            self.at += 1;
            return Op::Negate(self.operand());
        }
        if let Token::Word(word) = self.peek().clone() {
            let prim = Prim::ALL.iter().copied().find(|prim| prim.name() == word);
            self.at += 1;
            match (word.as_str(), prim) {
                (_, Some(prim)) => return Op::Prim(prim, self.operands()),
                ("select", _) => return Op::Select(self.operand(), self.operand(), self.operand()),
                ("method", _) => return Op::Method(self.word(), self.operands()),
                ("pure", _) => return Op::Pure(self.template()),
                ("opaque", _) => return Op::Opaque(self.template()),
                ("len", _) => return Op::Len(self.place()),
                _ => self.at -= 1,
            }
        }
        let left = self.operand();
        match self.next() {
            Token::Newline => {
                self.at -= 1;
                Op::Copy(left)
            }
            Token::Word(word) if word == "as" => Op::Cast(left, self.scalar_type().0),
            Token::Symbol(symbol) => match (comparison(symbol), operator(symbol)) {
                (Some(comparison), _) => Op::Compare(comparison, left, self.operand()),
                (_, Some(operator)) => Op::Binary(operator, left, self.operand()),
                _ => self.fail("an operator"),
            },
            _ => self.fail("an operation"),
        }
    }

    pub(super) fn template(&mut self) -> Template {
        let Token::Code(text) = self.next() else {
            self.fail("code")
        };
        let arguments = if self.takes("(") {
            self.list(")", Self::argument)
        } else {
            Vec::new()
        };
        Template {
            code: code(&text),
            arguments,
        }
    }

    pub(super) fn argument(&mut self) -> Argument {
        match self.peek() {
            Token::Word(word) if is_id(word, 'm') => Argument::Place(self.place()),
            _ => Argument::Scalar(self.operand()),
        }
    }

    pub(super) fn init(&mut self) -> Init {
        if self.takes_word("default") {
            return Init::Default;
        }
        match self.tree() {
            InitTree::CopyOf(place) => Init::CopyOf(place),
            InitTree::ZerosLike(place) => Init::ZerosLike(place),
            tree => Init::Tree(tree),
        }
    }

    pub(super) fn tree(&mut self) -> InitTree {
        if self.takes_word("copy") {
            assert!(self.takes_word("of"), "a copy of something");
            return InitTree::CopyOf(self.place());
        }
        if self.takes_word("zeros") {
            assert!(self.takes_word("like"), "zeros like something");
            return InitTree::ZerosLike(self.place());
        }
        if self.takes("(") {
            return InitTree::Tuple(self.list(")", Self::tree));
        }
        if !self.takes("[") {
            return InitTree::Scalar(self.operand());
        }
        if self.takes("]") {
            return InitTree::List(Vec::new());
        }
        let first = self.tree();
        if self.takes(";") {
            // Only the type of the memory tells how a literal length is meant; the tests write `Vec`s with values.
            let count = match self.operand() {
                Operand::Literal(literal) => {
                    RepeatCount::Fixed(Length::Literal(literal.text.parse().expect("a length")))
                }
                Operand::Constant(path, _) => RepeatCount::Fixed(Length::Constant(path)),
                value => RepeatCount::Dynamic(value),
            };
            self.expect("]");
            return InitTree::Repeat(Box::new(first), count);
        }
        self.takes(",");
        let mut parts = vec![first];
        parts.extend(self.list("]", Self::tree));
        InitTree::List(parts)
    }
}

fn comparison(symbol: &str) -> Option<Comparison> {
    use Comparison::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    [Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual]
        .into_iter()
        .find(|c| c.to_string() == symbol)
}

fn operator(symbol: &str) -> Option<BinaryOp> {
    use BinaryOp::{Add, And, BitAnd, BitOr, BitXor, Div, Mul, Or, Rem, Shl, Shr, Sub};
    [
        Add, Sub, Mul, Div, Rem, BitAnd, BitOr, BitXor, Shl, Shr, And, Or,
    ]
    .into_iter()
    .find(|o| o.to_string() == symbol)
}
