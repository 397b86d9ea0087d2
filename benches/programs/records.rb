records = (1..200_000).map do |i|
  { 'id' => i, 'name' => "name #{i % 977}", 'group' => "g#{i % 13}", 'score' => (i * 7919) % 1000 }
end
kept = records.select { |r| r['score'] >= 250 }
rows = kept.map { |r| { 'id' => r['id'], 'label' => "#{r['group']}/#{r['name']}", 'score' => r['score'] } }
groups = rows.group_by { |r| r['label'][0, 2] }
best = groups.map { |group, items| [group, items.sum { |r| r['score'] }, items.sort_by { |r| [-r['score'], r['id']] }.first(3)] }
best.sort_by { |b| -b[1] }.first[0]
