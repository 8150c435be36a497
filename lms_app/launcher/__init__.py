"""Runs Lyceum on one machine: embedded servers, the build of the pages, and the processes of the Procfile."""
