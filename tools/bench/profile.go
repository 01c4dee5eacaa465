package main

import (
	"context"
	"os"
	"path/filepath"
)

// load makes requests ready for a server. With a limit it is how many there
// are, since none may be sent twice.
type load func(ctx context.Context, at addresses) (shots []shot, limit int, err error)

// keepProfile keeps the profiles of a load, if a folder is named for them.
func (b *bench) keepProfile(ctx context.Context, name string, ready load) error {
	if b.Profiles == "" {
		return nil
	}
	if err := os.MkdirAll(b.Profiles, 0o750); err != nil {
		return err
	}
	return b.profiled(ctx, filepath.Join(b.Profiles, name+".pprof"), ready)
}

// profiled loads a server and keeps its CPU profile, with what it allocated
// next to it. The server is one of its own: the rounds that count are not slowed,
// and no other load is in the profile.
func (b *bench) profiled(ctx context.Context, file string, ready load) error {
	var at addresses
	c, err := b.start(ctx, "simulator", serverSettings{}, &at)
	if err != nil {
		return err
	}
	defer c.stop()
	shots, limit, err := ready(ctx, at)
	if err != nil {
		return err
	}
	if limit == 0 {
		if err := b.warm(ctx, at.Network, shots); err != nil {
			return err
		}
	}
	if err := c.ask("profile", file, nil); err != nil {
		return err
	}
	if _, _, err := b.gun(at.Network, shots).fire(ctx, b.size.Profiled, limit); err != nil {
		return err
	}
	return c.ask("profiled", nil, nil)
}
