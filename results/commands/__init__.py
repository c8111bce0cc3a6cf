"""The commands of ``policy-learning``, each of which imports what it needs when it runs, so that --help is quick."""
