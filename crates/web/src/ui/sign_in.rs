//! The door: sign in, in one's language; in the demo also by choosing who to be.

use super::form::{Control, Field};
use super::icons::icon;
use super::shell::{Theme, document};
use super::words::texts;
use kontor_texts::{Lang, tr};
use maud::{Markup, Render, html};

pub struct SignIn<'a> {
    pub lang: Lang,
    pub theme: Theme,
    pub csrf: &'a str,
    /// Where to go afterwards; a path of this server.
    pub back: &'a str,
    pub login: &'a str,
    pub wrong: Option<&'a str>,
    /// Ask for the second factor.
    pub code: bool,
    /// Demo users: login, password, role in words.
    pub demo: &'a [(&'a str, &'a str, &'a str)],
    /// Nobody can sign in yet: the first administrator is made elsewhere.
    pub nobody: bool,
}

impl Render for SignIn<'_> {
    fn render(&self) -> Markup {
        let word = |key| tr(self.lang, key);
        let body = html! {
            main class="k-door" id="main" {
                div {
                    div class="brand" { span class="k-mark" { (icon("scale")) } b { "Kontor" } }
                    @if self.nobody { div class="k-sum-err k-begin" role="status" { (icon("user")) span { (word("page-sign_in-nobody")) " " a class="lk" href="/setup" { (word("page-setup")) } } } }
                    form method="post" action="/sign-in" {
                        h1 { (word("page-sign_in-title")) }
                        input type="hidden" name="csrf" value=(self.csrf);
                        input type="hidden" name="back" value=(self.back);
                        @if let Some(wrong) = self.wrong { div class="k-sum-err" role="alert" { (icon("alert-triangle")) b { (wrong) } } }
                        div class="k-field" { label for="f-login" { (word("page-sign_in-login")) }
                            input id="f-login" class="form-control" name="login" value=(self.login) autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus[self.login.is_empty()]; }
                        div class="k-field" { label for="f-password" { (word("page-sign_in-password")) }
                            input id="f-password" class="form-control" type="password" name="password" autocomplete="current-password" required autofocus[!self.login.is_empty()]; }
                        @if self.code { (Field::new("code", word("page-sign_in-code"), Control::Text { value: "", kind: "text", placeholder: "" })) }
                        button type="submit" class="btn btn-primary" { (word("page-sign_in-button")) " " kbd { "⏎" } }
                    }
                    @if !self.demo.is_empty() {
                        div class="demo" {
                            p class="s12 m2" { (word("page-sign_in-demo")) }
                            @for (login, password, role) in self.demo {
                                form class="bare" method="post" action="/sign-in" {
                                    input type="hidden" name="csrf" value=(self.csrf); input type="hidden" name="back" value=(self.back);
                                    input type="hidden" name="login" value=(login); input type="hidden" name="password" value=(password);
                                    button type="submit" { span { (role) } span class="m2" { (login) } }
                                }
                            }
                        }
                    }
                    (foot(self.lang))
                }
            }
            (texts(self.lang))
        };
        document(self.lang, self.theme, word("page-sign_in"), self.csrf, &body)
    }
}

/// Language and appearance, for whoever is not signed in: the same page again in another language.
pub fn foot(lang: Lang) -> Markup {
    html! {
        div class="foot" {
            span class="row-f g12" { @for l in Lang::ALL { a href={ "/language/" (l.code()) } lang=(l.code()) data-full data-lang=(l.code()) class=[(l == lang).then_some("on")] { (l.name()) } } }
            button type="button" class="k-icb" data-theme-toggle aria-label=(tr(lang, "page-theme")) { (icon("moon")) }
        }
    }
}
