//! Forms that take a file: check first, then load; and what came of it.

use crate::pages::Call;
use crate::ui::icons::icon;
use kontor_exchange::{Input, Options};
use kontor_kernel::error::{Error, Result};
use maud::{Markup, html};

/// What was asked with a file.
pub struct Asked<'a> {
    pub name: String,
    pub bytes: &'a [u8],
    form: Vec<(String, String)>,
}

impl Asked<'_> {
    pub fn of(c: &Call) -> Result<Asked<'_>> {
        let (name, bytes) = c.req.file().ok_or_else(|| Error::field("file", "required"))?;
        Ok(Asked { name, bytes, form: c.req.form() })
    }
    pub fn text(&self, name: &str) -> &str {
        self.form.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str())
    }
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.form.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
    fn on(&self, name: &str) -> bool {
        matches!(self.text(name), "1" | "true")
    }
    pub fn checks(&self) -> bool {
        self.on("check")
    }
    pub fn partial(&self) -> bool {
        self.on("partial")
    }
    pub fn options(&self) -> Options {
        Options { dry_run: self.checks(), partial: self.partial(), ..Default::default() }
    }
    pub fn input(&self) -> Input {
        Input::bytes(self.name.clone(), self.bytes.to_vec())
    }
}

/// The form: fields of its own, the file, what is told after it.
pub struct FileForm<'a> {
    pub c: &'a Call,
    pub action: &'a str,
    /// `.xlsx,.csv`.
    pub accept: &'a str,
    pub fields: Markup,
    pub told: Markup,
}

impl FileForm<'_> {
    pub fn draw(&self) -> Markup {
        let c = self.c;
        // A list of tens of thousands of lines takes longer than a usual answer.
        html! {
            form class="k-form k-import k-inout" method="post" action=(self.action) enctype="multipart/form-data" hx-post=(self.action) hx-encoding="multipart/form-data" hx-target="#inout-told" hx-swap="innerHTML" hx-request="{\"timeout\": 600000}" {
                input type="hidden" name="csrf" value=(c.csrf);
                (self.fields)
                label class="k-drop" {
                    (icon("upload")) span data-chosen { (c.t("page-import-choose")) } span class="m2 s12" { (self.accept.replace('.', "").to_uppercase().replace(',', ", ")) }
                    input type="file" name="file" required accept=(self.accept);
                }
                label class="k-check" { input class="form-check-input" type="checkbox" name="partial" value="1"; (c.t("page-import-partial")) }
                div class="k-acts" {
                    button type="submit" class="btn btn-2" name="check" value="1" { (c.t("page-import-check")) }
                    button type="submit" class="btn btn-primary" data-main { (icon("upload")) (c.t("page-import-run")) }
                }
                div id="inout-told" class="k-sec" aria-live="polite" { (self.told) }
            }
        }
    }
}

/// An error of the whole, above everything else.
pub fn wrong(c: &Call, e: &Error) -> Markup {
    html! { div class="k-sum-err" role="alert" { (icon("alert-triangle")) b { (crate::pages::errors::explain(c.lang, e)) } } }
}
