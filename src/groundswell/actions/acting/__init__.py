"""What people can do beside signing: letters, calls, pledges, photos, events. On the same rails as a signature."""
