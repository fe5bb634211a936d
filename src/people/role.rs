//! Roles and what each may do: one table, read by pages, API and tests alike.

/// What a member of staff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Films, uploads, captions.
    Producer,
    /// A deaf reviewer: is the signing clear?
    LinguisticReviewer,
    /// Speaks for the department: is it what the regulation says?
    DepartmentReviewer,
    /// Answers questions.
    Agent,
    /// Sees all of the desk, reassigns and overrides.
    Supervisor,
    /// Accounts, catalogue, jobs.
    Administrator,
    /// Reads everything, changes nothing.
    Auditor,
}

/// Something a person may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See clips and versions that are not public.
    ViewStudio,
    /// Create clips, upload, caption, submit.
    Produce,
    /// Decide in the linguistic lane.
    ReviewSigning,
    /// Decide in the factual lane, and approve replies, for the own department.
    ReviewFacts,
    /// Publish, schedule and withdraw.
    Publish,
    /// See questions.
    ViewDesk,
    /// Claim and answer questions.
    Answer,
    /// Take over other people's claims and see every department's cases.
    SuperviseDesk,
    /// Manage accounts, departments, services and signers.
    Administer,
    /// See and retry jobs.
    ViewJobs,
    /// Retry and discard jobs.
    ManageJobs,
    /// Read the audit chain.
    ViewAudit,
}

impl Role {
    /// All roles, in the order in which forms offer them.
    pub const ALL: [Self; 7] = [
        Self::Producer,
        Self::LinguisticReviewer,
        Self::DepartmentReviewer,
        Self::Agent,
        Self::Supervisor,
        Self::Administrator,
        Self::Auditor,
    ];

    /// The word in SQL, JSON and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::LinguisticReviewer => "linguistic_reviewer",
            Self::DepartmentReviewer => "department_reviewer",
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// Reads the word; `None` for a word that is no role.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether somebody with this role may do it.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Producer => {
                matches!(permission, P::ViewStudio | P::Produce | P::Publish | P::ViewJobs | P::ManageJobs)
            }
            Self::LinguisticReviewer => matches!(permission, P::ViewStudio | P::ReviewSigning),
            Self::DepartmentReviewer => matches!(permission, P::ViewStudio | P::ReviewFacts | P::ViewDesk),
            Self::Agent => matches!(permission, P::ViewStudio | P::ViewDesk | P::Answer),
            Self::Supervisor => matches!(
                permission,
                P::ViewStudio
                    | P::Publish
                    | P::ViewDesk
                    | P::Answer
                    | P::SuperviseDesk
                    | P::ViewJobs
                    | P::ViewAudit
            ),
            // An administrator runs the house but does not speak for it: no reviews, no answers.
            Self::Administrator => matches!(
                permission,
                P::ViewStudio
                    | P::Produce
                    | P::Publish
                    | P::ViewDesk
                    | P::Administer
                    | P::ViewJobs
                    | P::ManageJobs
                    | P::ViewAudit
            ),
            Self::Auditor => matches!(permission, P::ViewStudio | P::ViewDesk | P::ViewJobs | P::ViewAudit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }

    #[test]
    fn an_auditor_changes_nothing() {
        use Permission as P;
        for change in [
            P::Produce,
            P::ReviewSigning,
            P::ReviewFacts,
            P::Publish,
            P::Answer,
            P::Administer,
            P::ManageJobs,
        ] {
            assert!(!Role::Auditor.may(change));
        }
    }

    #[test]
    fn only_reviewers_review() {
        let lanes =
            |permission| Role::ALL.into_iter().filter(|role| role.may(permission)).collect::<Vec<_>>();
        assert_eq!(lanes(Permission::ReviewSigning), [Role::LinguisticReviewer]);
        assert_eq!(lanes(Permission::ReviewFacts), [Role::DepartmentReviewer]);
    }
}
