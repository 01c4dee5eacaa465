package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestManual_StandsStillAndNeverGoesBack(t *testing.T) {
	wall := clock.NewFixed(noon)
	c := clock.NewManual(wall, noon)
	wall.Add(time.Hour)
	if !c.Now().Equal(noon) {
		t.Errorf("it moved to %s by itself", c.Now())
	}
	if err := c.Set(noon.Add(time.Minute)); err != nil || !c.Now().Equal(noon.Add(time.Minute)) {
		t.Errorf("set: %v, %s", err, c.Now())
	}
	if err := c.Set(noon); !errors.Is(err, clock.ErrBackwards) {
		t.Errorf("going back: %v", err)
	}
}

func TestSystem_RunsWithTheWallAndKeepsItsOffset(t *testing.T) {
	wall := clock.NewFixed(noon)
	c := clock.NewSystem(wall)
	if err := c.Set(noon.Add(24 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	wall.Add(time.Minute)
	if want := noon.Add(24*time.Hour + time.Minute); !c.Now().Equal(want) {
		t.Errorf("%s, want %s", c.Now(), want)
	}
	if err := c.Set(noon); err != nil || c.Now().Before(noon.Add(24*time.Hour)) {
		t.Errorf("an instant that has passed: %v, %s", err, c.Now())
	}
}

func TestWait_ManualWaitsForAWakeAlone(t *testing.T) {
	c := clock.NewManual(clock.Real(), noon)
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	if err := c.Wait(context.Background(), noon, wake); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := c.Wait(ctx, noon.Add(-time.Hour), wake); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a due instant ended the wait of a manual clock: %v", err)
	}
}

func TestWait_SystemEndsWhenDue(t *testing.T) {
	c := clock.NewSystem(clock.Real())
	if err := c.Wait(context.Background(), c.Now().Add(time.Millisecond), nil); err != nil {
		t.Error(err)
	}
}

func TestParseMode(t *testing.T) {
	for in, want := range map[string]clock.Mode{"system": clock.System, "manual": clock.Manual, "manual@2026-03-01T09:00:00Z": clock.Manual} {
		if mode, _, err := clock.ParseMode(in); err != nil || mode != want {
			t.Errorf("%q: %s %v", in, mode, err)
		}
	}
	for _, bad := range []string{"", "x10", "system@2026-03-01T09:00:00Z", "manual@", "manual@yesterday", "MANUAL"} {
		if _, _, err := clock.ParseMode(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestReal_SleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := clock.Real().Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
