//! What changes a record: verbs with their typed arguments, and the rules around the generic create and update.

use super::Column;
use crate::cx::{Change, Cx};
use crate::record::Record;
use kontor_kernel::error::Result;
use serde_json::Value as Json;

/// Changes the locked record and answers what the API shows on top of it (an object), or null. Errors refuse the command.
pub type VerbFn = fn(&mut Cx, &mut Record, &Json) -> Result<Json>;

/// A command beyond create, update and delete.
#[derive(Clone)]
pub struct Verb {
    pub name: &'static str,
    /// States in which it may be called; empty: any.
    pub from: &'static [&'static str],
    /// States it may lead to (for the conformance test: every state is reachable).
    pub to: &'static [&'static str],
    /// Typed arguments: draw the form, check the input, fill the OpenAPI document.
    pub input: Vec<Column>,
    pub run: VerbFn,
    /// Main action of its state: drawn as the primary button.
    pub primary: bool,
    /// Verbs that take it back, for undo: of several the one that leads between the same states.
    pub undo: Vec<&'static str>,
    /// Takes the fields and lines of an update beside its own arguments (`revise` of a posted document).
    pub edits: bool,
    /// Brings an archived record back: for archived ones only, and granted to who may archive.
    pub restores: bool,
}

impl Verb {
    /// A verb without arguments; `from`: states in which it may be called (none: any), `to`: those that it may lead to.
    pub fn new(name: &'static str, from: &'static [&'static str], to: &'static [&'static str], run: VerbFn) -> Self {
        Verb { name, from, to, input: vec![], run, primary: false, undo: vec![], edits: false, restores: false }
    }
    /// Its arguments; those that are not among them are refused, unless it edits.
    pub fn input(mut self, columns: Vec<Column>) -> Self {
        self.input = columns;
        self
    }
    /// Drawn as the main button of its state.
    pub fn primary(mut self) -> Self {
        self.primary = true;
        self
    }
    /// The verb that takes it back.
    pub fn undone_by(mut self, verb: &'static str) -> Self {
        self.undo.push(verb);
        self
    }
    /// Takes fields and lines of an update beside its arguments.
    pub fn edits(mut self) -> Self {
        self.edits = true;
        self
    }
    /// The right that it needs.
    pub fn right(&self) -> &'static str {
        if self.restores { "delete" } else { self.name }
    }
}

/// Decisions of an entity around the generic create and update.
pub trait Rules: Send + Sync {
    /// Asks at once what deciding on a new record of this input will ask; see [`Conn::ahead`](crate::store::Conn::ahead). The input is
    /// as it came: what is no id asks nothing.
    fn ahead(&self, _cx: &mut Cx, _input: &Json) -> Result<()> {
        Ok(())
    }
    /// May answer another input in place of the caller's: names that only the rest of the input makes clear.
    fn prepare(&self, _cx: &mut Cx, _before: Option<&Record>, _input: &Json) -> Result<Option<Json>> {
        Ok(None)
    }
    /// Checks the change and fills computed columns, before anything is written.
    fn decide(&self, _cx: &mut Cx, _change: &mut Change) -> Result<()> {
        Ok(())
    }
    /// Follow-up writes in the same transaction, after the row and its lines are there. Undo of fields comes here too.
    fn written(&self, _cx: &mut Cx, _change: &Change) -> Result<()> {
        Ok(())
    }
    /// May refuse the removal (drafts) or archiving (catalogs).
    fn removing(&self, _cx: &mut Cx, _record: &Record) -> Result<()> {
        Ok(())
    }
}
/// Every input that the declaration takes is right.
pub struct NoRules;
impl Rules for NoRules {}
