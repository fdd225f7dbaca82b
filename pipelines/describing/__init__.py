"""What a page says about itself: title, authors, dates, language, links; one noun a module, all pure."""
