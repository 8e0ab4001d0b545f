"""How near the rules come to the record: searches, scores, the model beside its null models."""
