package journal

import "github.com/pantomime-dev/pantomime/simulator/room"

// Within has the journal share the room of all, and tells when entries are
// dropped for lack of it. It is called before anything is added.
func (j *Journal) Within(all *room.Room, tell func()) {
	j.tell, j.room = tell, all.Enter(j.makeRoom)
}

// Leave gives the room back; what is kept stays for those who hold the journal.
func (j *Journal) Leave() { j.room.Leave() }

// makeRoom drops the oldest entries.
func (j *Journal) makeRoom(bytes int64) {
	j.mu.Lock()
	j.dropTo(j.bytes - int(bytes))
	left := int64(j.bytes)
	j.mu.Unlock()
	j.tell()
	j.room.Holds(left)
}

// dropTo drops the oldest entries until no more than so many bytes are kept, or
// the newest one alone. It expects j.mu to be held.
func (j *Journal) dropTo(bytes int) (some bool) {
	for j.bytes > bytes && len(j.kept) > 1 {
		j.bytes -= j.kept[0].size()
		j.kept[0] = record{} // its memory goes at once, the list's at the next growth
		j.kept, some = j.kept[1:], true
	}
	return some
}
