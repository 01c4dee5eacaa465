package sandbox

// Open goes on with a sandbox as its log has it, by taking over; Start sets it
// going. ID, Seed, Clock, Scenario and Notify are in the log and not used.
func Open(o Options) (*Sandbox, error) {
	s, err := read(o)
	if err != nil {
		return nil, err
	}
	return s, s.takeOver()
}
