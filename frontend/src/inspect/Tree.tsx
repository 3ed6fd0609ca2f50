import classes from './Tree.module.css';

type Json = Readonly<Record<string, unknown>>;

const isBranch = (value: unknown): value is Json | readonly unknown[] => typeof value === 'object' && value !== null;

/** Foreign JSON as a tree that opens branch by branch; every value is shown as text. */
export function Tree({ value }: { value: Json | readonly unknown[] }) {
  return (
    <ul className={classes.tree}>
      {Object.entries(value).map(([key, child]) => (
        <li key={key}>{isBranch(child) ? <Branch name={key} value={child} /> : <Leaf name={key} value={child} />}</li>
      ))}
    </ul>
  );
}

function Branch({ name, value }: { name: string; value: Json | readonly unknown[] }) {
  const size = Object.keys(value).length;
  if (size === 0) return <Leaf name={name} value={Array.isArray(value) ? '[ ]' : '{ }'} />;
  return (
    <details className={classes.branch}>
      <summary>
        <span className={classes.key}>{name}</span>
        <span className={classes.size}>{size}</span>
      </summary>
      <Tree value={value} />
    </details>
  );
}

function Leaf({ name, value }: { name: string; value: unknown }) {
  const shown = value === '' ? '""' : String(value);
  return (
    <span className={classes.leaf}>
      <span className={classes.key}>{name}</span>
      <span className={classes.value} data-type={value === null ? 'null' : typeof value}>
        {shown}
      </span>
    </span>
  );
}
