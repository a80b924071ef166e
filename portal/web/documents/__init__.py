"""The pages of one document, alike for drafts and profiles."""
