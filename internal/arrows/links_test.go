package arrows

import (
	"slices"
	"strings"
	"testing"
)

// What a Go program gets with a client besides the standard library: our own
// packages below it and the one JSON reader. gin in one of them would be in the
// program of whoever imports it.
func TestProject_WhatClientsLink(t *testing.T) {
	tree := readProject(t)
	imports := tree.imports()
	frame := []string{"github.com/go-json-experiment/json", "github.com/go-json-experiment/json/jsontext", "token", "wire"}
	wires := append([]string{"clock"}, frame...)
	for folder, want := range map[string][]string{
		"vts":              wires,
		"mdes":             wires,
		"acquirer":         frame,
		"issuer":           wires,
		"control":          frame,
		"requestor/wallet": append([]string{"acquirer", "mdes", "vts"}, wires...),
	} {
		linked := map[string]bool{folder: true}
		for queue := []string{folder}; len(queue) > 0; queue = queue[1:] {
			for _, name := range imports[queue[0]] {
				own, ours := tree.own(name)
				if !ours {
					own = name
				}
				if linked[own] || !ours && !strings.Contains(strings.Split(name, "/")[0], ".") {
					continue
				}
				linked[own] = true
				if ours {
					queue = append(queue, own)
				}
			}
		}
		delete(linked, folder)
		slices.Sort(want)
		if got := sorted(linked); !slices.Equal(got, want) {
			t.Errorf("%s links %v, want %v", folder, got, want)
		}
	}
}

// A play knows its sandbox by the two doors alone, though it may start one.
func TestProject_PlayLooksIntoNoSandbox(t *testing.T) {
	tree := readProject(t)
	for _, name := range tree.imports()["play"] {
		if own, ours := tree.own(name); ours && (strings.HasPrefix(own, "simulator/") || strings.HasSuffix(own, "/server")) {
			t.Errorf("play imports %s; what it needs comes over the doors", own)
		}
	}
}
