package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
)

// role is what a child is: what it says when ready, what it does when asked,
// and how it ends.
type role struct {
	ready any
	does  map[string]func(on json.RawMessage) (any, error)
	end   func()
}

// roles make a child ready from its settings.
var roles = map[string]func(settings json.RawMessage) (role, error){
	"gin": ginRole, "simulator": simulatorRole, "cryptography": cryptographyRole, "tokens": tokensRole,
	"pending": pendingRole, "due": dueRole, "delivered": deliveredRole,
}

// childMain is the whole life of a child.
func childMain(args []string, in io.Reader, out, problems io.Writer) int {
	if len(args) != 2 || roles[args[0]] == nil {
		fmt.Fprintln(problems, "bench: a child needs a role and its settings")
		return 2
	}
	w := bufio.NewWriter(out)
	r, err := roles[args[0]](json.RawMessage(args[1]))
	say(w, r.ready, err)
	if err != nil {
		return 1
	}
	if r.end != nil {
		defer r.end()
	}
	var profile *os.File
	dec := json.NewDecoder(in)
	for {
		var o order
		if err := dec.Decode(&o); err != nil {
			return 0 // whoever asks is gone
		}
		switch do := r.does[o.Do]; {
		case do != nil:
			result, err := do(o.On)
			say(w, result, err)
		case o.Do == "cpu":
			used, err := processorTime()
			say(w, used, err)
		case o.Do == "profile":
			profile, err = startProfile(o.On)
			say(w, nil, err)
		case o.Do == "profiled":
			say(w, nil, endProfile(profile))
		default:
			say(w, nil, fmt.Errorf("cannot %q", o.Do))
		}
	}
}

// say writes an answer as one line.
func say(w *bufio.Writer, result any, problem error) {
	var a answer
	if problem != nil {
		a.Error = problem.Error()
	} else if raw, err := json.Marshal(result); err != nil {
		a.Error = err.Error()
	} else {
		a.Result = raw
	}
	_ = json.NewEncoder(w).Encode(a)
	_ = w.Flush()
}

func startProfile(on json.RawMessage) (*os.File, error) {
	var name string
	if err := json.Unmarshal(on, &name); err != nil {
		return nil, err
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	return f, pprof.StartCPUProfile(f)
}

// endProfile writes what was allocated since the start next to the CPU profile.
func endProfile(cpu *os.File) error {
	pprof.StopCPUProfile()
	if err := cpu.Close(); err != nil {
		return err
	}
	f, err := os.Create(cpu.Name() + ".allocs")
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}

// heap is what live values occupy.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // the second frees what finalizers and pools held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
