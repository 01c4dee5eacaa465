package stage

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/simulator/vault"
)

// Box makes a sandbox that ends with the test and is not started yet. What o
// leaves out is the default sandbox, seed 4711, the machine's clock, a manual
// clock at Start, a log in memory and no logger. Its notices may go anywhere.
func Box(t testing.TB, renderers map[string]callback.Renderer, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	o.ID, o.Seed = cmp.Or(o.ID, sandbox.Default), cmp.Or(o.Seed, 4711)
	if o.Wall == nil {
		o.Wall = clock.Real()
	}
	if o.Clock == nil {
		o.Clock = clock.NewManual(o.Wall, Start)
	}
	if o.Log == nil {
		o.Log = store.NewMemory[sandbox.Change](0)
	}
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	o.Sender = callback.NewSender(callback.Options{Wall: o.Wall, Renderers: renderers})
	box, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		box.Stop(ctx)
		o.Sender.Close()
	})
	return box
}

// Tokens are the tokens of a sandbox, the newest first.
func Tokens(box *sandbox.Sandbox) []vault.Glance { return slices.Collect(box.Tokens("")) }

// Cards are the cards of a sandbox.
func Cards(box *sandbox.Sandbox) []vault.Card { return slices.Collect(box.Cards()) }
