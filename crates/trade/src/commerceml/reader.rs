//! A file as a stream: what is wanted of each element goes into the package's tables at once.

use super::known::Known;
use super::tables::Package;
use crate::fault::Fault;
use kontor_exchange::read::{Node, Xml, XmlReader};
use kontor_exchange::{Input, Limits};
use kontor_kernel::error::Error;

pub fn read(input: &Input, limits: &Limits, known: Known) -> Result<Package, Fault> {
    let whole = |e: Error| Fault::new(0, "", e);
    let mut xml = XmlReader::open(input, limits).map_err(whole)?;
    let mut r = Walk { package: Package::new(input.name(), known).map_err(whole)?, path: vec![], groups: vec![] };
    loop {
        match xml.pull() {
            Ok(Some(Xml::Start(n))) => r.start(&mut xml, n)?,
            Ok(Some(Xml::Text(_))) => {}
            Ok(Some(Xml::End(name))) => r.end(&name),
            Ok(None) => break,
            Err(e) => return Err(Fault::new(xml.line(), r.path.last().cloned().unwrap_or_default(), e)),
        }
    }
    if r.package.root.is_empty() {
        return Err(Fault::new(0, "", Error::refused("commerceml_root").arg("name", "")));
    }
    Ok(r.package)
}

struct Walk {
    package: Package,
    path: Vec<String>,
    /// Groups that are open, outermost first; what is known of each by now.
    groups: Vec<Group>,
}

#[derive(Default)]
struct Group {
    line: u32,
    id: String,
    name: String,
    deleted: bool,
    done: bool,
}

impl Walk {
    fn inside(&self, name: &str) -> bool {
        self.path.iter().any(|p| p == name)
    }

    fn start(&mut self, xml: &mut XmlReader, n: Node) -> Result<(), Fault> {
        if self.path.is_empty() {
            if !matches!(n.name.as_str(), "КоммерческаяИнформация" | "Классификатор") {
                return Err(Fault::new(n.line, &*n.name, Error::refused("commerceml_root").arg("name", &n.name)));
            }
            self.package.root = n.name.clone();
            self.path.push(n.name);
            return Ok(());
        }
        // Orders have goods of their own kind; they are not a catalogue.
        if n.name == "Документ" {
            self.package.documents += 1;
            return skip(xml, &n);
        }
        match n.name.as_str() {
            "Группа" if self.inside("Классификатор") || self.inside("Каталог") => {
                let mut g = Group { line: n.line, ..Default::default() };
                // The older notation: attributes, and the parent by its identifier.
                if let Some(id) = n.attribute("Идентификатор") {
                    let name = n.attribute("Наименование").unwrap_or_default();
                    self.package.group(n.line, id, name, n.attribute("Родитель").unwrap_or_default());
                    g.done = true;
                }
                self.groups.push(g);
                self.path.push(n.name);
            }
            "Ид" | "Наименование" | "ПометкаУдаления" if self.path.last().is_some_and(|p| p == "Группа") =>
            {
                let n = whole(xml, n)?;
                if let Some(g) = self.groups.last_mut() {
                    let text = n.text.trim();
                    match n.name.as_str() {
                        "Ид" => g.id = text.into(),
                        "Наименование" => g.name = text.into(),
                        _ => g.deleted = text == "true",
                    }
                }
            }
            // Subgroups follow: all that is to be known of this one has been said.
            "Группы" if self.path.last().is_some_and(|p| p == "Группа") => {
                self.group();
                self.path.push(n.name);
            }
            "Товар" if self.inside("Каталог") || self.path.last().is_some_and(|p| p == "Товары") => {
                let n = whole(xml, n)?;
                self.package.good(&n);
            }
            "Предложение" if self.inside("ПакетПредложений") || self.inside("ИзмененияПакетаПредложений") =>
            {
                let n = whole(xml, n)?;
                self.package.offer(&n);
            }
            "ТипЦены" => {
                let n = whole(xml, n)?;
                self.package.price_type(&n);
            }
            "Склад" if self.path.last().is_some_and(|p| p == "Склады") => {
                let n = whole(xml, n)?;
                self.package.stated.warehouse(&n);
            }
            "Свойство" | "СвойствоНоменклатуры" if self.inside("Классификатор") => {
                let n = whole(xml, n)?;
                self.package.property(&n);
            }
            "ДействительноС" if self.path.last().is_some_and(|p| p == "ПакетПредложений") => {
                let n = whole(xml, n)?;
                self.package.valid_from(&n);
            }
            "Классификатор"
            | "Каталог"
            | "ПакетПредложений"
            | "ИзмененияПакетаПредложений"
            | "Группы"
            | "Товары"
            | "Предложения"
            | "ТипыЦен"
            | "Склады"
            | "Свойства"
            | "СвойстваТоваров" => self.path.push(n.name),
            // Owners, whatever a program adds: of no concern.
            _ => return skip(xml, &n),
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        if name == "Группа" {
            self.group();
            self.groups.pop();
        }
        self.path.pop();
    }

    /// Hands over the innermost group, once.
    fn group(&mut self) {
        let parent = self.groups.iter().rev().nth(1).map(|g| g.id.clone()).unwrap_or_default();
        if let Some(g) = self.groups.last_mut().filter(|g| !g.done) {
            g.done = true;
            if !g.deleted {
                self.package.group(g.line, &g.id, &g.name, &parent);
            }
        }
    }
}

fn whole(xml: &mut XmlReader, n: Node) -> Result<Node, Fault> {
    let name = n.name.clone();
    xml.whole(n).map_err(|e| Fault::new(xml.line(), name, e))
}

fn skip(xml: &mut XmlReader, n: &Node) -> Result<(), Fault> {
    xml.skip().map_err(|e| Fault::new(xml.line(), &*n.name, e))
}
