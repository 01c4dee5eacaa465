package callback

// overhead is about what a delivery takes in addition to the texts of its attempts.
const overhead = 1 << 10

// size is about how many bytes a delivery takes.
func (d *Delivery) size() int {
	n := overhead + len(d.Target)
	for i := range d.Attempts {
		a := &d.Attempts[i]
		n += 128 + len(a.URL) + len(a.Error) + len(a.Body)
	}
	return n
}

// Bytes is about what all deliveries take.
func (b *Book) Bytes() int { return b.bytes }

// Dropped says how many deliveries were forgotten to stay within the quota.
func (b *Book) Dropped() uint64 { return b.dropped }

// Oldest lists the oldest deliveries that no longer leave by themselves, as many
// as take so many bytes.
func (b *Book) Oldest(bytes int) (ids []string) {
	for place := b.shelf.first; place < b.shelf.next && bytes > 0; place++ {
		if d := *b.shelf.at(place); d != nil && !d.State.Pending() {
			ids, bytes = append(ids, d.ID), bytes-d.size()
		}
	}
	return ids
}

// Forget lets go of a delivery that no longer leaves by itself. It still counts
// among those of its state.
func (b *Book) Forget(id string) {
	d := b.get(id)
	if d == nil || d.State.Pending() {
		return
	}
	b.bytes -= d.size()
	b.shelf.clear(b.places[id])
	delete(b.places, id)
	b.dropped++
}
