package vts_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/harness/simulated"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
)

func TestSimulator(t *testing.T) { simulated.Judge(t, vts.Suite(), "V-ERR-") }
