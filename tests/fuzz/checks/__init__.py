"""What must hold whatever comes in: one file a subject. Hypothesis and atheris both bring the inputs."""
