package journal

import "github.com/pantomime-dev/pantomime/simulator/quota"

// Within has the journal share a quota with others; tell is called when entries
// are dropped because of it. It is called before anything is added.
func (j *Journal) Within(all *quota.Quota, tell func()) {
	j.tell, j.quota = tell, all.Join(j.free)
}

// Leave gives the journal's share of the quota back; what is kept stays for those
// who hold the journal.
func (j *Journal) Leave() { j.quota.Leave() }

// free drops the oldest entries.
func (j *Journal) free(bytes int64) {
	j.mu.Lock()
	j.dropTo(j.bytes - int(bytes))
	left := int64(j.bytes)
	j.mu.Unlock()
	j.tell()
	j.quota.Holds(left)
}

// dropTo drops the oldest entries until no more than so many bytes are kept, or
// the newest one alone. It expects j.mu to be held.
func (j *Journal) dropTo(bytes int) (some bool) {
	for j.bytes > bytes && j.kept.count > 1 {
		j.bytes -= j.kept.drop()
		some = true
	}
	return some
}
