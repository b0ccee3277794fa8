//! The frame around a page: rail, crumbs, command field, user menu, what the page before left to say.

use super::kept::ByRights;
use super::nav;
use super::state::{Call, Reply};
use crate::ui::filters::Fields;
use crate::ui::shell::{Frame, PaletteCommand, Shell};
use axum::http::StatusCode;
use kontor_platform::Ctx;
use kontor_platform::query::Query;
use kontor_platform::value::Value;
use kontor_texts::tr_args;
use maud::{Markup, Render, html};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What hardly ever changes and every page shows: the organisation.
#[derive(Default)]
pub struct Facts {
    company: Mutex<Option<(Instant, (String, String))>>,
    pub(crate) views: super::views::Cache,
    frames: ByRights<(), Frame>,
    /// Of lists, by collection.
    pub(crate) fields: ByRights<&'static str, Fields>,
}

/// Seconds for which the organisation's name is kept.
const FACTS_SECONDS: u64 = 20;

/// What a page says about itself.
#[derive(Default)]
pub struct PageOf<'a> {
    pub title: &'a str,
    /// Key of the place in the navigation: collection, `home`, `reports` …
    pub here: &'a str,
    /// Titles and addresses; the last one is the page.
    pub crumbs: &'a [(&'a str, Option<&'a str>)],
    /// Right of the command field, usually the button that creates.
    pub create: Option<Markup>,
    /// Said at once in a toast, with the audit entry that undoes it.
    pub toast: Option<(&'a str, Option<&'a str>)>,
}

impl Call {
    /// A whole page, or only its frame when the script swaps it.
    pub fn page(&self, of: &PageOf, content: Markup) -> Reply {
        self.page_with(StatusCode::OK, of, content)
    }

    pub fn page_with(&self, status: StatusCode, of: &PageOf, content: Markup) -> Reply {
        Reply::Html(status, self.render(of, content))
    }

    pub fn render(&self, of: &PageOf, content: Markup) -> Markup {
        let frame = self.frame();
        let company = self.company();
        let flash = self.flash().map(|(key, title, audit)| (tr_args(self.lang, &key, &[("title", title.as_str().into())]), audit));
        let said = flash.as_ref().map(|(text, audit)| (text.as_str(), (!audit.is_empty()).then_some(audit.as_str())));
        Shell {
            lang: self.lang,
            theme: self.theme,
            csrf: &self.csrf,
            title: of.title,
            company: (&company.0, &company.1),
            user: &self.identity.name,
            frame: &frame,
            here: of.here,
            crumbs: of.crumbs,
            create: of.create.clone().unwrap_or_else(|| html! {}),
            notices: None,
            content,
            toast: of.toast.or(said),
            partial: self.req.partial(),
        }
        .render()
    }

    fn frame(&self) -> Arc<Frame> {
        self.web.facts.frames.get(self, (), || {
            let made = nav::creatable(self);
            let commands: Vec<PaletteCommand> =
                made.iter().map(|c| PaletteCommand { title: c.title, href: &c.href, icon: c.icon }).collect();
            Frame::new(self.lang, nav::groups(self), &commands)
        })
    }

    /// Short and legal name of the first own company, the product's name while there is none.
    fn company(&self) -> (String, String) {
        let facts = &self.web.facts;
        if let Some((at, names)) = &*facts.company.lock().unwrap_or_else(|e| e.into_inner())
            && at.elapsed() < Duration::from_secs(FACTS_SECONDS)
        {
            return names.clone();
        }
        // Who just made the first one sees its name at once.
        let Some(names) = self.read_company() else { return ("Kontor".to_string(), String::new()) };
        *facts.company.lock().unwrap_or_else(|e| e.into_inner()) = Some((Instant::now(), names.clone()));
        names
    }

    /// None while there is none.
    fn read_company(&self) -> Option<(String, String)> {
        let spec = self.app.registry.get("companies")?;
        let fields = ["name", "full_name", "legal_name"].iter().filter(|f| spec.index(f).is_some()).map(|f| f.to_string()).collect();
        let q = Query { limit: 1, fields: Some(fields), ..Default::default() };
        // The frame is drawn also when the database is busy; the page itself has told so already.
        let page = match self.app.list(&Ctx::system(), "companies", &q) {
            Ok(p) => p,
            Err(e) => {
                tracing::warn!(error = %e, "the organisation's name could not be read");
                return None;
            }
        };
        let row = page.rows.first()?;
        let legal = row.values.iter().skip(1).find_map(|v| if let Value::Text(s) = v { (!s.is_empty()).then(|| s.clone()) } else { None });
        Some((row.title.clone(), legal.unwrap_or_default()))
    }
}
