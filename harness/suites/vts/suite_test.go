package vts_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/harness/suites/vts"
	"github.com/pantomime-dev/pantomime/internal/simulated"
)

func TestSimulator(t *testing.T) { simulated.Judge(t, vts.Suite(), "V-ERR-") }
