"""What all pages share: who may come in, one transaction a request, one way to show a page."""
