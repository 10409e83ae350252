"""What the addon needs of the server it runs in; knows no payment and no pairing."""
