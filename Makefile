# Two commands on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export ONEDOOR_DATA ?= $(CURDIR)/var
export DEBUG ?= 1
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

help:    ## Show this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'
