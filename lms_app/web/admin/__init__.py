"""What whoever runs the installation sees."""
