//! What a citizen does after an answer: typed ways on, chosen by staff for a service or else by its topic. Never a
//! telephone.

use super::service::Service;

/// A way on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NextStep {
    /// The national service platform.
    Absher,
    /// How to book an appointment.
    Appointment,
    /// Where the offices are.
    OfficeFinder,
    /// The service that comes to the house.
    Taqdeer,
    /// Suggestions, complaints and remarks.
    Tahseen,
    /// Sign interpreting in offices.
    Ashsher,
}

/// The platform's own front page; everything else is one of our signed explanations.
const ABSHER: &str = "https://www.absher.sa/";

impl NextStep {
    /// All of them, in the order in which forms offer them.
    pub const ALL: [Self; 6] =
        [Self::Absher, Self::Appointment, Self::OfficeFinder, Self::Taqdeer, Self::Tahseen, Self::Ashsher];

    /// The word in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absher => "absher",
            Self::Appointment => "appointment",
            Self::OfficeFinder => "office_finder",
            Self::Taqdeer => "taqdeer",
            Self::Tahseen => "tahseen",
            Self::Ashsher => "ashsher",
        }
    }

    /// Reads the word; `None` for a word that is no way on.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }

    /// Where it leads when nobody said otherwise: an address of this site, or the platform itself.
    pub fn href(self) -> &'static str {
        match self {
            Self::Absher => ABSHER,
            Self::Appointment => "/services/appointment",
            Self::OfficeFinder => "/services/office.find",
            Self::Taqdeer => "/services/taqdeer",
            Self::Tahseen => "/services/tahseen",
            Self::Ashsher => "/services/ashsher",
        }
    }

    /// The code of our own service that explains it, if it is one.
    pub fn service_code(self) -> Option<&'static str> {
        self.href().strip_prefix("/services/")
    }
}

/// The ways on that the topic of a service suggests, the likeliest first. A service never leads to itself.
pub(super) fn usual_steps(service: &Service) -> Vec<NextStep> {
    use NextStep::{Absher, Appointment, Ashsher, OfficeFinder, Tahseen, Taqdeer};
    let is_transaction = service.kind == "transaction";
    let steps: &[NextStep] = match service.topic.as_str() {
        "identity" | "lost" | "family" if is_transaction => &[Absher, Appointment, OfficeFinder],
        "identity" | "lost" | "family" => &[Absher, OfficeFinder],
        "visit" => &[Appointment, OfficeFinder, Ashsher],
        "absher" => &[Absher, OfficeFinder],
        "home" => &[Taqdeer, Absher],
        "contact" => &[Tahseen, Ashsher],
        _ => &[Absher],
    };
    let leads_on = |step: &&NextStep| step.service_code() != Some(service.code.as_str());
    steps.iter().filter(leads_on).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;
    use crate::ids::{DepartmentId, ServiceId};

    fn service(code: &str, topic: &str, kind: &str) -> Service {
        Service {
            id: ServiceId::new(Millis(0)),
            code: code.into(),
            parent_id: None,
            topic: topic.into(),
            name_ar: "خدمة".into(),
            name_en: "Service".into(),
            kind: kind.into(),
            icon: "document".into(),
            sort: 0,
            department_id: DepartmentId::new(Millis(0)),
            active: true,
            created_at: Millis(0),
            row_version: 1,
        }
    }

    #[test]
    fn every_answer_leads_on_and_never_to_itself() {
        for topic in super::super::TOPICS {
            for kind in super::super::SERVICE_KINDS {
                assert!(!usual_steps(&service("some.code", topic.code, kind)).is_empty(), "{}", topic.code);
            }
        }
        let steps = usual_steps(&service("appointment", "visit", "transaction"));
        assert_eq!(steps, [NextStep::OfficeFinder, NextStep::Ashsher]);
        assert!(NextStep::ALL.into_iter().all(|step| NextStep::parse(step.as_str()) == Some(step)));
    }
}
