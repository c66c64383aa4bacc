"""WeCom's calls as functions, a module a topic, named and ordered as its own documentation has them."""
