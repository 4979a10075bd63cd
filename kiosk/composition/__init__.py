"""What the composition root makes once the first frame has been shown: each room beside the part it stands for."""
