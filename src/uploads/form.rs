//! A file that comes with a plain HTML form, for browsers without script. The same limits, the same safety.

use super::receive::{Incoming, Piece};
use super::row::Upload;
use super::{Begun, Metadata, NewUpload, Owner, UploadProblem, Uploads};
use crate::refusal::refuse;

impl Uploads {
    /// Takes in the file of a form and returns the complete upload. What broke off or was too large is given up: a form
    /// cannot be continued.
    pub async fn receive_form_file(
        &self,
        owner: Owner,
        file_name: &str,
        body: Incoming,
    ) -> anyhow::Result<Upload> {
        let metadata = Metadata::of_form_file(file_name);
        let new = NewUpload { owner, length: None, metadata, repeat_key: None };
        let (Begun::New(begun) | Begun::Before(begun)) = self.create(new).await?;
        let outcome = self.fill(&begun, body).await;
        if outcome.is_err() {
            let _ = self.terminate(begun.id, owner).await;
        }
        outcome
    }

    async fn fill(&self, begun: &Upload, body: Incoming) -> anyhow::Result<Upload> {
        let arrived = self.append(begun.id, begun.owner, Piece::default(), body).await?;
        if arrived.received == 0 {
            return Err(refuse(UploadProblem::Empty));
        }
        let end = Piece { offset: arrived.received, length: Some(arrived.received), checksum: None };
        let nothing = Box::pin(futures::stream::empty());
        self.append(begun.id, begun.owner, end, nothing).await
    }
}
