// Outreach
